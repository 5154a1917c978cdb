// Rows of tables in text files: CSV, TSV and columns between blanks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/line_reader.h"

namespace conceptune {

/// How fields stand in a row. csv (RFC 4180), tsv: a field that begins with a double quote ends with one, may
/// hold separators and line feeds, and has "" for each quote in it; a quote further on in a field is an
/// ordinary character. unquoted_tsv: all between two tabs as it stands. blanks: runs of blanks separate, and
/// there are no empty fields.
enum class RowFormat { csv, tsv, unquoted_tsv, blanks };

class DelimitedRows {
 public:
  /// No honest table is wider, and a long line of separators would fill the memory with empty fields.
  static constexpr std::size_t kMaxFields = std::size_t{1} << 16;

  /// Reads on from where `lines` is; it must outlive this. `doing` begins the messages.
  DelimitedRows(LineReader& lines, RowFormat format, std::string_view doing);

  /// The next row's fields, at least one; empty lines are passed over; false at the end. Throws InputError,
  /// with the line at which the row begins, for invalid UTF-8, a quoted field that does not end or is
  /// followed by more text, and a row above the lines' limit.
  bool next(std::vector<std::string>& fields);

  /// The line at which the row that next() gave last begins, from 1.
  std::int64_t line_number() const { return line_number_; }
  /// "PATH, line N", for messages.
  std::string where() const;

 private:
  bool next_line();
  void split(std::vector<std::string>& fields);
  std::size_t take_quoted(std::size_t begin, std::string& field);

  LineReader& lines_;
  std::string doing_;
  RowFormat format_;
  std::string line_;
  std::int64_t line_number_ = 0;
};

}  // namespace conceptune
