#include "conceptune/base/delimited_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune {

DelimitedRows::DelimitedRows(LineReader& lines, RowFormat format, std::string_view doing)
    : lines_(lines), doing_(doing), format_(format) {}

/// Line ends are a line feed, or a carriage return and one.
bool DelimitedRows::next_line() {
  if (!lines_.next(line_)) return false;
  if (const auto byte = first_invalid_utf8(line_))
    throw InputError(doing_, lines_.where(), fmt::format("invalid UTF-8 at byte {} of the line", *byte));
  return true;
}

bool DelimitedRows::next(std::vector<std::string>& fields) {
  fields.clear();
  while (fields.empty()) {  // as in a row of blanks
    do
      if (!next_line()) return false;
    while (line_.empty() || line_ == "\r");
    line_number_ = lines_.line_number();
    split(fields);
  }
  return true;
}

void DelimitedRows::split(std::vector<std::string>& fields) {
  const char separator = format_ == RowFormat::csv ? ',' : format_ == RowFormat::blanks ? ' ' : '\t';
  const bool may_be_quoted = format_ == RowFormat::csv || format_ == RowFormat::tsv;
  for (std::size_t begin = 0;;) {
    std::string field;
    std::size_t end = 0;
    if (may_be_quoted && begin < line_.size() && line_[begin] == '"') {
      end = take_quoted(begin + 1, field);
    } else {
      end = std::min(line_.find(separator, begin), line_.size());
      field.assign(line_, begin, end - begin);
      if (end == line_.size() && field.ends_with('\r')) field.pop_back();
    }
    if (format_ != RowFormat::blanks || !field.empty()) fields.push_back(std::move(field));
    if (fields.size() > kMaxFields)
      throw InputError(doing_, where(), fmt::format("more than {} fields in a row", kMaxFields));
    if (end >= line_.size()) return;
    begin = end + 1;
  }
}

/// Takes a quoted field from behind its first quote, over further lines where it holds line feeds. Gives the
/// place of the separator behind it in what is then the line, or the line's size.
std::size_t DelimitedRows::take_quoted(std::size_t begin, std::string& field) {
  for (;;) {
    const std::size_t quote = line_.find('"', begin);
    field.append(line_, begin, quote == std::string::npos ? quote : quote - begin);
    if (field.size() > lines_.max_line_bytes())
      throw InputError(doing_, where(),
                       fmt::format("a quoted field does not end within {} bytes", lines_.max_line_bytes()));
    if (quote == std::string::npos) {
      field += '\n';
      if (!next_line()) throw InputError(doing_, where(), "a quoted field does not end");
      begin = 0;
      continue;
    }
    const std::string_view behind = std::string_view(line_).substr(quote + 1);
    if (behind.starts_with('"')) {
      field += '"';
      begin = quote + 2;
      continue;
    }
    if (behind.empty() || behind == "\r") return line_.size();
    if (behind.front() != (format_ == RowFormat::csv ? ',' : '\t'))
      throw InputError(doing_, where(), "text follows the closing quote of a field");
    return quote + 1;
  }
}

std::string DelimitedRows::where() const { return fmt::format("{}, line {}", lines_.name(), line_number_); }

}  // namespace conceptune
