// conceptune tag: text → tokens, tags, parts of speech, dependencies.
#include <fmt/format.h>

#include <optional>

#include "cli/commands.h"
#include "cli/texts.h"
#include "conceptune/base/json.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune::cli {
namespace {

constexpr std::string_view kDoing = "tagging text";

struct TagCommand {
  std::filesystem::path file;
  std::optional<std::filesystem::path> pipeline;
  bool no_parser = false;
  bool json = false;
};

Json json_of(const words::TaggedToken& token, bool parsed) {
  Json json = {
      {"text", token.text}, {"idx", token.begin}, {"tag", token.tag}, {"pos", words::name_of(token.pos)}};
  if (parsed) {
    json["dep"] = token.dependency;
    json["head"] = token.head;
  }
  return json;
}

/// "text/TAG/POS text/TAG/POS …", or one JSON object; white space tokens are left out of the former.
std::string line_of(const std::vector<words::TaggedToken>& tokens, const TagCommand& command) {
  if (command.json) {
    Json list = Json::array();
    for (const auto& token : tokens) list.push_back(json_of(token, !command.no_parser));
    return to_json_text({{"tokens", std::move(list)}});
  }
  std::string line;
  for (const auto& token : tokens) {
    if (token.pos == words::PartOfSpeech::space) continue;
    line +=
        fmt::format("{}{}/{}/{}", line.empty() ? "" : " ", token.text, token.tag, words::name_of(token.pos));
  }
  return line;
}

void run_tag(const TagCommand& command, const Terminal& terminal) {
  const auto pipeline = words::EnglishPipeline::load(words::find_english_pipeline(command.pipeline));
  for_each_text(command.file, kDoing, terminal, [&](const std::string& text) {
    terminal.print(line_of(pipeline->annotate(text, !command.no_parser), command));
  });
}

}  // namespace

void add_tag_command(CLI::App& program, Terminal& terminal) {
  auto* app =
      program.add_subcommand("tag", "Words, tags and parts of speech of English texts, a line a text");
  auto command = std::make_shared<TagCommand>();
  app->add_option("file", command->file, kTextsHelp);
  app->add_option("--english-pipeline", command->pipeline, kEnglishPipelineHelp);
  app->add_flag("--no-parser", command->no_parser,
                "Leave the dependency parser out: faster, and other parts of speech for some 1.6 % of words");
  app->add_flag("--json", command->json,
                R"(Print {"tokens": [{"text", "idx", "tag", "pos", "dep", "head"}, …]})");
  app->callback([command, &terminal] { run_tag(*command, terminal); });
}

}  // namespace conceptune::cli
