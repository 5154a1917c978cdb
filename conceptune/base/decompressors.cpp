#include "conceptune/base/decompressors.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/memory.h"

namespace conceptune {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> input, std::string where, std::string_view doing)
      : input_(std::move(input)), where_(std::move(where)), doing_(doing), buffer_(kBlock, '\0') {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw SystemError(doing_, where_, "zlib cannot start");
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  std::size_t read(char* out, std::size_t size) override {
    const auto wanted = static_cast<uInt>(std::min(size, kBlock));
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0 && !refill()) return 0;
      if (member_ended_ && !start_next_member()) continue;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      member_ended_ = status == Z_STREAM_END;
      if (status == Z_DATA_ERROR || status == Z_NEED_DICT || status == Z_STREAM_ERROR) refuse();
      if (status == Z_MEM_ERROR) throw SystemError(doing_, where_, "zlib: out of memory");
    }
    return wanted - stream_.avail_out;
  }

 private:
  bool refill() {
    const std::size_t n = input_->read(buffer_.data(), buffer_.size());
    if (n == 0 && !member_ended_) throw InputError(doing_, where_, "the gzip stream ends too early");
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }
  /// Passes over the zero bytes that may pad a member; false when there are no others in the buffer.
  bool start_next_member() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    constexpr Bytef kFirstByte = 0x1f;
    if (*stream_.next_in != kFirstByte) refuse_what_follows();
    inflateReset(&stream_);
    member_ended_ = false;
    began_further_member_ = true;
    return true;
  }
  [[noreturn]] void refuse() const {
    // A member's header is checked before anything of it is given out.
    if (began_further_member_ && stream_.total_out == 0 && stream_.total_in < kHeaderBytes)
      refuse_what_follows();
    throw InputError(doing_, where_,
                     fmt::format("the gzip stream is corrupt ({})", stream_.msg ? stream_.msg : "no reason"));
  }
  [[noreturn]] void refuse_what_follows() const {
    throw InputError(doing_, where_, "bytes that are no gzip member follow the gzip stream");
  }
  static constexpr uLong kHeaderBytes = 10;

  std::unique_ptr<ByteSource> input_;
  std::string where_;
  std::string doing_;
  std::string buffer_;
  z_stream stream_{};
  bool member_ended_ = false;
  bool began_further_member_ = false;
};

/// Windows of 128 MiB are zstd's own limit; larger ones (zstd --long, up to 2 GiB) may take half the memory
/// that there is.
int largest_window_log() {
  constexpr int kUsual = 27, kLargest = 31;
  const std::int64_t memory = available_memory();
  if (memory <= 0) return kLargest;
  return std::clamp(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(memory) / 2)) - 1, kUsual,
                    kLargest);
}

class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> input, std::string where, std::string_view doing)
      : input_(std::move(input)),
        where_(std::move(where)),
        doing_(doing),
        buffer_(kBlock, '\0'),
        context_(ZSTD_createDStream()),
        window_log_(largest_window_log()) {
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, window_log_);
  }
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
      if (ZSTD_isError(pending_)) refuse();
    }
    return output.pos;
  }

 private:
  [[noreturn]] void refuse() const {
    switch (ZSTD_getErrorCode(pending_)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        throw InputError(doing_, where_,
                         fmt::format("the zstd stream needs a window above {} MiB, the most that fits here; "
                                     "compress it again without --long",
                                     std::int64_t{1} << (window_log_ - 20)));
      case ZSTD_error_memory_allocation:
        throw SystemError(doing_, where_, "not enough memory for the window of the zstd stream");
      case ZSTD_error_prefix_unknown:
        throw InputError(doing_, where_, "bytes that are no zstd frame follow the zstd stream");
      default:
        throw InputError(doing_, where_,
                         fmt::format("the zstd stream is corrupt ({})", ZSTD_getErrorName(pending_)));
    }
  }

  std::unique_ptr<ByteSource> input_;
  std::string where_;
  std::string doing_;
  std::string buffer_;
  ZSTD_DStream* context_;
  int window_log_;
  ZSTD_inBuffer in_{};
  std::size_t pending_ = 0;  // what ZSTD_decompressStream said last: 0 at a frame's end
};

/// zstd's own frames, and skippable ones (0x184D2A50 to 5F, little endian), with which pzstd begins.
bool is_zstd(std::string_view bytes) {
  if (bytes.starts_with("\x28\xb5\x2f\xfd")) return true;
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xf0U) == 0x50 &&
         bytes.substr(1, 3) == "\x2a\x4d\x18";
}

/// "BZh", the level, and the magic number of a block or of the end of an empty stream.
bool is_bzip2(std::string_view bytes) {
  return bytes.size() >= 10 && bytes.starts_with("BZh") && bytes[3] >= '1' && bytes[3] <= '9' &&
         (bytes.substr(4, 6) == "\x31\x41\x59\x26\x53\x59" ||
          bytes.substr(4, 6) == "\x17\x72\x45\x38\x50\x90");
}

}  // namespace

Compression compression_of(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1f\x8b")) return Compression::gzip;
  if (is_zstd(first_bytes)) return Compression::zstd;
  if (first_bytes.starts_with(std::string_view("\xfd\x37\x7a\x58\x5a\0", 6))) return Compression::xz;
  if (is_bzip2(first_bytes)) return Compression::bzip2;
  if (first_bytes.starts_with("LZIP\x01")) return Compression::lzip;
  return Compression::none;
}

std::unique_ptr<ByteSource> make_decompressor(Compression compression, std::unique_ptr<ByteSource> input,
                                              const std::string& where, std::string_view doing) {
  switch (compression) {
    case Compression::gzip:
      return std::make_unique<GzipSource>(std::move(input), where, doing);
    case Compression::zstd:
      return std::make_unique<ZstdSource>(std::move(input), where, doing);
    default:
      return make_archive_filter(std::move(input), where, doing);
  }
}

}  // namespace conceptune
