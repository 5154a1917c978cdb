#include "conceptune/base/byte_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "conceptune/base/decompressors.h"
#include "conceptune/base/error.h"
#include "conceptune/base/foreign_format.h"
#include "conceptune/base/mapped_file.h"
#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

class FileSource : public ByteSource {
 public:
  FileSource(const std::filesystem::path& path, std::string_view doing) : file_(path, doing) {}
  std::size_t read(char* buffer, std::size_t size) override {
    const auto bytes = file_.bytes();
    const std::size_t n = std::min(size, bytes.size() - position_);
    if (n > 0) std::memcpy(buffer, bytes.data() + position_, n);
    position_ += n;
    return n;
  }

 private:
  MappedFile file_;
  std::size_t position_ = 0;
};

}  // namespace

PeekedSource::PeekedSource(std::unique_ptr<ByteSource> source, std::size_t size)
    : source_(std::move(source)), first_(size, '\0') {
  std::size_t filled = 0;
  while (filled < size) {
    const std::size_t n = source_->read(first_.data() + filled, size - filled);
    if (n == 0) break;
    filled += n;
  }
  first_.resize(filled);
}

std::size_t PeekedSource::read(char* buffer, std::size_t size) {
  if (position_ == first_.size()) return source_->read(buffer, size);
  const std::size_t n = first_.copy(buffer, size, position_);
  position_ += n;
  return n;
}

std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, std::string_view doing) {
  return decompressed(std::make_unique<FileSource>(path, doing), path.string(), doing);
}

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, const std::string& where,
                                         std::string_view doing) {
  auto peeked = std::make_unique<PeekedSource>(std::move(source), kCompressionMagicBytes);
  const Compression compression = compression_of(peeked->first());
  if (compression == Compression::none) return peeked;
  return make_decompressor(compression, std::move(peeked), where, doing);
}

std::unique_ptr<ByteSource> text_source(std::unique_ptr<ByteSource> source, const std::string& where,
                                        std::string_view doing) {
  auto peeked = std::make_unique<PeekedSource>(std::move(source), kForeignMagicBytes);
  if (const auto foreign = foreign_format(peeked->first()))
    throw InputError(doing, where,
                     fmt::format("{}, expected UTF-8 text; {}", foreign->name, foreign->advice));
  if (peeked->first().starts_with(kByteOrderMark)) peeked->skip(kByteOrderMark.size());
  return peeked;
}

std::unique_ptr<ByteSource> open_text_source(const std::filesystem::path& path, std::string_view doing) {
  return text_source(open_byte_source(path, doing), path.string(), doing);
}

std::string read_all(ByteSource& source, std::size_t max_bytes, const std::string& where,
                     std::string_view doing) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::string content;
  for (;;) {
    const std::size_t begin = content.size();
    content.resize(begin + kBlock);
    const std::size_t n = source.read(content.data() + begin, kBlock);
    content.resize(begin + n);
    if (n == 0) return content;
    if (content.size() > max_bytes)
      throw InputError(doing, where, fmt::format("longer than {} bytes, the most for one text", max_bytes));
  }
}

}  // namespace conceptune
