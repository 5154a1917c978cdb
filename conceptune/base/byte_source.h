// Bytes of a file in order, decompressed, whatever compression its first bytes tell (never its name).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace conceptune {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills up to `size` bytes, size > 0; 0 at the end. Throws InputError on a corrupt stream.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

/// A source whose first bytes can be looked at before they are read.
class PeekedSource : public ByteSource {
 public:
  /// Reads up to `size` bytes of `source` ahead.
  PeekedSource(std::unique_ptr<ByteSource> source, std::size_t size);
  /// The bytes read ahead, fewer than asked for where the source ends before; until the first read().
  std::string_view first() const { return std::string_view(first_).substr(position_); }
  std::size_t read(char* buffer, std::size_t size) override;
  /// Passes over bytes of first().
  void skip(std::size_t size) { position_ += size; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string first_;
  std::size_t position_ = 0;
};

/// A file with the decompression that its first bytes ask for: gzip, zstd (windows up to 2 GiB where memory
/// allows), xz, bzip2 and lzip, each of several members or frames. `doing` begins the message of the
/// InputError thrown when that fails: for a stream that is corrupt, cut short, or followed by other bytes
/// (but for zero bytes behind gzip, which are padding).
std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, std::string_view doing);

/// The same for bytes that come from elsewhere; `where` names them in messages.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, const std::string& where,
                                         std::string_view doing);

/// UTF-8 text: `source` without the byte-order mark that it may begin with. Throws InputError where the first
/// bytes are those of another encoding or of a format that is no text, with what to do about it.
std::unique_ptr<ByteSource> text_source(std::unique_ptr<ByteSource> source, const std::string& where,
                                        std::string_view doing);

/// Both: the text of a file.
std::unique_ptr<ByteSource> open_text_source(const std::filesystem::path& path, std::string_view doing);

/// All that is left of a source; InputError above `max_bytes`.
std::string read_all(ByteSource& source, std::size_t max_bytes, const std::string& where,
                     std::string_view doing);

}  // namespace conceptune
