// JSON texts of a file one after the other: a line each (JSON lines), or the elements of one array.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conceptune/base/line_reader.h"

namespace conceptune {

/// Gives the texts, which it does not parse, in memory for one of them and in time linear in the file's size.
/// A file whose first character but white space is '[' is an array; lines of white space are passed over.
class JsonRecords {
 public:
  JsonRecords(const std::filesystem::path& path, std::string_view doing,
              std::size_t max_record_bytes = LineReader::kMaxRecordBytes);
  /// Records of `text`, from text_source(); `name` takes the path's place in messages.
  JsonRecords(std::unique_ptr<ByteSource> text, const std::string& name, std::string_view doing,
              std::size_t max_record_bytes = LineReader::kMaxRecordBytes);
  ~JsonRecords();

  /// The next text; false at the end. Throws InputError for one above the limit, an array that does not end
  /// or has an empty element, and for anything behind an array.
  bool next(std::string& text);

  /// What the text given last is known by in its file: "line 5", "element 5".
  std::string name() const;
  /// "PATH, line 5" or "PATH, element 5 (line 1)", for messages.
  std::string where() const;
  /// Its number among the lines, or among the array's elements, from 1.
  std::int64_t number() const;

 private:
  class Array;

  std::optional<LineReader> lines_;
  std::unique_ptr<Array> array_;
};

}  // namespace conceptune
