#include "conceptune/base/line_reader.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/mapped_file.h"

namespace conceptune {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;

/// Plain bytes; base of the decompressors' input too.
class PlainSource : public ByteSource {
 public:
  PlainSource(const std::filesystem::path& path, std::string_view doing) : file_(path, doing) {}
  std::size_t read(char* buffer, std::size_t size) override {
    const auto bytes = file_.bytes();
    const std::size_t n = std::min(size, bytes.size() - position_);
    if (n > 0) std::memcpy(buffer, bytes.data() + position_, n);
    position_ += n;
    return n;
  }
  std::string_view peek(std::size_t n) const {
    const auto bytes = file_.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), std::min(n, bytes.size())};
  }

 private:
  MappedFile file_;
  std::size_t position_ = 0;
};

class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<PlainSource> input, std::string where, std::string_view doing)
      : input_(std::move(input)), where_(std::move(where)), doing_(doing), buffer_(kBlock, '\0') {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw SystemError(doing_, where_, "zlib cannot start");
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  std::size_t read(char* out, std::size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0 && !refill()) return 0;
      if (member_ended_) start_next_member();
      const int status = inflate(&stream_, Z_NO_FLUSH);
      member_ended_ = status == Z_STREAM_END;
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        throw InputError(doing_, where_, "the gzip stream is corrupt");
    }
    return size - stream_.avail_out;
  }

 private:
  bool refill() {
    const std::size_t n = input_->read(buffer_.data(), buffer_.size());
    if (n == 0 && !member_ended_) throw InputError(doing_, where_, "the gzip stream ends too early");
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }
  void start_next_member() {
    inflateReset(&stream_);
    member_ended_ = false;
  }

  std::unique_ptr<PlainSource> input_;
  std::string where_;
  std::string doing_;
  std::string buffer_;
  z_stream stream_{};
  bool member_ended_ = false;
};

class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<PlainSource> input, std::string where, std::string_view doing)
      : input_(std::move(input)),
        where_(std::move(where)),
        doing_(doing),
        buffer_(kBlock, '\0'),
        context_(ZSTD_createDStream()) {}
  ~ZstdSource() override { ZSTD_freeDStream(context_); }

  std::size_t read(char* out, std::size_t size) override {
    ZSTD_outBuffer output{out, size, 0};
    while (output.pos == 0) {
      if (in_.pos == in_.size) {
        in_ = {buffer_.data(), input_->read(buffer_.data(), buffer_.size()), 0};
        if (in_.size == 0) {
          if (pending_ != 0) throw InputError(doing_, where_, "the zstd stream ends too early");
          return 0;
        }
      }
      pending_ = ZSTD_decompressStream(context_, &output, &in_);
      if (ZSTD_isError(pending_)) throw InputError(doing_, where_, "the zstd stream is corrupt");
    }
    return output.pos;
  }

 private:
  std::unique_ptr<PlainSource> input_;
  std::string where_;
  std::string doing_;
  std::string buffer_;
  ZSTD_DStream* context_;
  ZSTD_inBuffer in_{};
  std::size_t pending_ = 0;  // what ZSTD_decompressStream said last: 0 at a frame's end
};

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::filesystem::path& path, std::string_view doing) {
  auto plain = std::make_unique<PlainSource>(path, doing);
  const std::string_view magic = plain->peek(4);
  if (magic.starts_with("\x1f\x8b"))
    return std::make_unique<GzipSource>(std::move(plain), path.string(), doing);
  if (magic == "\x28\xb5\x2f\xfd")
    return std::make_unique<ZstdSource>(std::move(plain), path.string(), doing);
  return plain;
}

LineReader::LineReader(const std::filesystem::path& path, std::string_view doing)
    : path_(path), doing_(doing), source_(open_byte_source(path, doing)) {}

bool LineReader::fill() {
  buffer_.erase(0, std::exchange(begin_, 0));
  if (buffer_.size() > kMaxLineBytes)
    throw InputError(doing_, fmt::format("{}, line {}", path_.string(), line_number_ + 1),
                     fmt::format("longer than {} bytes, expected one document a line", kMaxLineBytes));
  const std::size_t old_size = buffer_.size();
  buffer_.resize(old_size + kBlock);
  const std::size_t n = source_->read(buffer_.data() + old_size, kBlock);
  buffer_.resize(old_size + n);
  return n > 0;
}

bool LineReader::next(std::string& line) {
  std::size_t searched = 0;  // relative to begin_, which fill() moves
  for (;;) {
    const std::size_t end = buffer_.find('\n', begin_ + searched);
    if (end != std::string::npos) {
      line.assign(buffer_, begin_, end - begin_);
      begin_ = end + 1;
      ++line_number_;
      return true;
    }
    searched = buffer_.size() - begin_;
    if (fill()) continue;
    if (buffer_.empty()) return false;
    line = std::exchange(buffer_, {});
    begin_ = 0;
    ++line_number_;
    return true;
  }
}

std::string LineReader::where() const { return fmt::format("{}, line {}", path_.string(), line_number_); }

}  // namespace conceptune
