#include "cli/texts.h"

#include <fmt/format.h>

#include <iostream>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/utf8.h"

namespace conceptune::cli {
namespace {

std::string text_of(const std::string& line, std::string_view doing, const std::string& where) {
  const Json record = parse_json(line, doing, where);
  const auto text = record.find("text");
  if (text == record.end() || !text->is_string())
    throw InputError(doing, where, "expected a JSON object with a string 'text'");
  return *text;
}

}  // namespace

void for_each_text(const std::filesystem::path& file, std::string_view doing, const Terminal& terminal,
                   const std::function<void(const std::string& text)>& take) {
  const auto stop = terminal.stop_token();
  const auto take_unless_stopped = [&](const std::string& text) {
    if (stop.stop_requested()) throw Interrupted(fmt::format("{}: stopped", doing));
    take(text);
  };
  std::string line;
  if (file.empty()) {
    for (int number = 1; std::getline(std::cin, line); ++number) {
      if (number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
      if (const auto byte = first_invalid_utf8(line))
        throw InputError(doing, fmt::format("standard input, line {}", number),
                         fmt::format("invalid UTF-8 at byte {}", *byte));
      take_unless_stopped(line);
    }
    return;
  }
  for (JsonRecords records(file, doing, LineReader::kMaxLineBytes); records.next(line);)
    take_unless_stopped(text_of(line, doing, records.where()));
}

}  // namespace conceptune::cli
