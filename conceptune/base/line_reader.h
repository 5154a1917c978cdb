// Lines of a text file, plain or compressed with gzip or zstd (told by its first bytes, not its name).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace conceptune {

/// Bytes of a file in order, decompressed.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills up to `size` bytes; 0 at the end. Throws InputError on a corrupt stream.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

/// Opens a file for reading with the decompression that its first bytes ask for.
/// `doing` begins the message of the InputError thrown when that fails.
std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, std::string_view doing);

/// Reads lines of any length in constant memory (one line at a time).
class LineReader {
 public:
  LineReader(const std::filesystem::path& path, std::string_view doing);

  /// The next line without its line feed (a carriage return before it stays); false at the end. A last line
  /// without a line feed counts. Throws InputError for a line above `kMaxLineBytes`.
  bool next(std::string& line);

  /// Number of the line that next() gave last, from 1.
  std::int64_t line_number() const { return line_number_; }
  /// "PATH, line N", for messages.
  std::string where() const;

  /// No honest document is longer; a file without line feeds would fill the memory.
  static constexpr std::size_t kMaxLineBytes = std::size_t{1} << 30;

 private:
  bool fill();

  std::filesystem::path path_;
  std::string doing_;
  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::int64_t line_number_ = 0;
};

}  // namespace conceptune
