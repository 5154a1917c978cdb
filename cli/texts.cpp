#include "cli/texts.h"

#include <fmt/format.h>

#include <iostream>

#include "conceptune/base/byte_source.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/product.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/document_format.h"

namespace conceptune::cli {
namespace {

using Take = std::function<void(const std::string& text)>;

constexpr const char* kTextKey = "text";

std::string text_of(const std::string& line, std::string_view doing, const std::string& where) {
  const Json record = parse_json(line, doing, where);
  const auto text = record.find(kTextKey);
  if (text == record.end() || !text->is_string())
    throw InputError(doing, where, "expected a JSON object with a string 'text'");
  return *text;
}

void take_line(const std::string& line, std::string_view doing, const std::string& where, const Take& take) {
  if (const auto byte = first_invalid_utf8(line))
    throw InputError(doing, where, fmt::format("invalid UTF-8 at byte {}", *byte));
  take(line);
}

void read_standard_input(std::string_view doing, const Take& take) {
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    if (number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    take_line(line, doing, fmt::format("standard input, line {}", number), take);
  }
}

void read_lines(const std::filesystem::path& file, std::string_view doing, const Take& take) {
  LineReader reader(file, doing);
  for (std::string line; reader.next(line);) {
    if (line.ends_with('\r')) line.pop_back();
    take_line(line, doing, reader.where(), take);
  }
}

void read_json(const std::filesystem::path& file, std::string_view doing, const Take& take) {
  JsonRecords records(file, doing, LineReader::kMaxLineBytes);
  for (std::string line; records.next(line);) take(text_of(line, doing, records.where()));
}

/// Whether a file whose name says nothing begins as an array of JSON objects.
bool is_json_array(const std::filesystem::path& file, std::string_view doing) {
  constexpr std::size_t kLook = 4096;
  const PeekedSource source(open_byte_source(file, doing), kLook);
  const std::string_view text = source.first();
  const auto is_next = [&](std::size_t at, char sign) { return at != text.npos && text[at] == sign; };
  const auto bracket = text.find_first_not_of(" \t\r\n");
  return is_next(bracket, '[') && is_next(text.find_first_not_of(" \t\r\n", bracket + 1), '{');
}

void read_file_of_texts(const std::filesystem::path& file, std::string_view doing, const Take& take) {
  using corpus::DocumentFormat;
  auto format = corpus::choose_format(file, kTextKey).format;
  if (format == DocumentFormat::lines && is_json_array(file, doing)) format = DocumentFormat::jsonl;
  if (format == DocumentFormat::jsonl) return read_json(file, doing, take);
  if (format == DocumentFormat::lines) return read_lines(file, doing, take);
  const auto documents = corpus::open_documents(file, format, kTextKey);
  for (std::string text; documents->next(text);) take(text);
}

void read_folder(const std::filesystem::path& folder, std::string_view doing, const Take& take) {
  if (product_in(folder) != ProductKind::corpus)
    throw InputError(
        doing, folder.string(),
        "is a folder, expected a file of texts or a corpus folder (conceptune corpus FILE -o FOLDER)");
  for (const char* part : {"train.jsonl", "validation.jsonl", "held-out.jsonl"})
    if (std::filesystem::exists(folder / part)) read_json(folder / part, doing, take);
}

}  // namespace

void for_each_text(const std::filesystem::path& file, std::string_view doing, const Terminal& terminal,
                   const std::function<void(const std::string& text)>& take) {
  const auto stop = terminal.stop_token();
  const Take take_unless_stopped = [&](const std::string& text) {
    if (stop.stop_requested()) throw Interrupted(fmt::format("{}: stopped", doing));
    take(text);
  };
  if (file.empty()) return read_standard_input(doing, take_unless_stopped);
  if (std::filesystem::is_directory(file)) return read_folder(file, doing, take_unless_stopped);
  read_file_of_texts(file, doing, take_unless_stopped);
}

}  // namespace conceptune::cli
