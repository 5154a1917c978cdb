// conceptune tokenize: text → token ids and character offsets.
#include <fmt/format.h>

#include <iostream>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
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

std::string text_of(const std::string& line, const std::string& where) {
  const Json record = parse_json(line, kDoing, where);
  const auto text = record.find("text");
  if (text == record.end() || !text->is_string())
    throw InputError(kDoing, where, "expected a JSON object with a string 'text'");
  return *text;
}

void run_tokenize(const TokenizeCommand& command, const Terminal& terminal) {
  const auto tokenizer = tokenizer::Tokenizer::load(command.model);
  const auto stop = terminal.stop_token();
  const auto print = [&](const std::string& text) {
    if (stop.stop_requested()) throw Interrupted("tokenizing: stopped");
    terminal.print(line_of(tokenizer->encode(text, command.special), command.json));
  };
  std::string line;
  if (command.file.empty()) {
    while (std::getline(std::cin, line)) print(line);
    return;
  }
  for (LineReader lines(command.file, kDoing); lines.next(line);) print(text_of(line, lines.where()));
}

}  // namespace

void add_tokenize_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("tokenize", "Token ids and character offsets of texts, a line a text");
  auto command = std::make_shared<TokenizeCommand>();
  app->add_option("file", command->file,
                  "JSON lines with key 'text', plain or compressed; without it, lines of standard input");
  app->add_option("--model", command->model, "Model folder, tokenizer.json or .gguf file")->required();
  app->add_flag("--special", command->special, "Read special tokens written in the text as such");
  app->add_flag("--json", command->json, R"(Print {"ids": […], "offsets": [[begin, end], …]})");
  app->callback([command, &terminal] { run_tokenize(*command, terminal); });
}

}  // namespace conceptune::cli
