// conceptune tokenize: text → token ids and character offsets.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/texts.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::cli {
namespace {

constexpr std::string_view kDoing = "tokenizing";

struct TokenizeCommand {
  std::filesystem::path model;
  std::filesystem::path file;
  bool special = false;
  bool json = false;
};

/// "ID:BEGIN-END ID:BEGIN-END …", or the same as JSON.
std::string line_of(const tokenizer::Encoding& encoding, bool json) {
  if (json) {
    Json offsets = Json::array();
    for (const auto& [begin, end] : encoding.offsets) offsets.push_back({begin, end});
    return to_json_text({{"ids", encoding.ids}, {"offsets", std::move(offsets)}});
  }
  std::string line;
  for (std::size_t i = 0; i < encoding.ids.size(); ++i)
    line += fmt::format("{}{}:{}-{}", i ? " " : "", encoding.ids[i], encoding.offsets[i].begin,
                        encoding.offsets[i].end);
  return line;
}

void run_tokenize(const TokenizeCommand& command, const Terminal& terminal) {
  const auto tokenizer = tokenizer::Tokenizer::load(command.model);
  for_each_text(command.file, kDoing, terminal, [&](const std::string& text) {
    terminal.print(line_of(tokenizer->encode(text, command.special), command.json));
  });
}

}  // namespace

void add_tokenize_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("tokenize", "Token ids and character offsets of texts, a line a text");
  auto command = std::make_shared<TokenizeCommand>();
  app->add_option("file", command->file, kTextsHelp);
  add_model_option(*app, command->model, "Model folder, tokenizer.json or .gguf file");
  app->add_flag("--special", command->special, "Read special tokens written in the text as such");
  app->add_flag("--json", command->json, R"(Print {"ids": […], "offsets": [[begin, end], …]})");
  app->callback([command, &terminal] { run_tokenize(*command, terminal); });
}

}  // namespace conceptune::cli
