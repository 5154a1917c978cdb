// Lines of a text file, plain or compressed (told by its first bytes, not its name).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "conceptune/base/byte_source.h"

namespace conceptune {

/// Reads line by line: memory is one block and the caller's line, which grows with what was read. A
/// byte-order mark at the file's begin is not part of the text.
class LineReader {
 public:
  /// The most that a line may have: no honest document is longer, and a small compressed file without line
  /// feeds would otherwise fill the memory.
  static constexpr std::size_t kMaxLineBytes = std::size_t{1} << 26;
  /// For lines that are read into objects of a known kind: pairs, questions, values, log lines.
  static constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 24;

  explicit LineReader(const std::filesystem::path& path, std::string_view doing,
                      std::size_t max_line_bytes = kMaxLineBytes);
  /// Lines of `source`; `name` takes the path's place in messages.
  LineReader(std::unique_ptr<ByteSource> source, std::string name, std::string_view doing,
             std::size_t max_line_bytes = kMaxLineBytes);

  /// The next line without its line feed (a carriage return before it stays); false at the end. A last line
  /// without a line feed counts. Throws InputError for a line above the limit.
  bool next(std::string& line);

  /// Number of the line that next() gave last, from 1.
  std::int64_t line_number() const { return line_number_; }
  /// "PATH, line N", for messages.
  std::string where() const;

  /// The path, or the name given.
  const std::string& name() const { return name_; }
  std::size_t max_line_bytes() const { return max_line_bytes_; }

 private:
  bool fill();

  std::string name_;
  std::string doing_;
  std::size_t max_line_bytes_;
  std::unique_ptr<ByteSource> source_;
  std::string block_;
  std::string_view unread_;  // of block_
  std::int64_t line_number_ = 0;
};

}  // namespace conceptune
