// The decompressions that libarchive does: a stream of xz, bzip2 or lzip as its "raw" archive of one entry.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "conceptune/base/decompressors.h"
#include "conceptune/base/error.h"

namespace conceptune {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

class ArchiveFilter : public ByteSource {
 public:
  ArchiveFilter(std::unique_ptr<ByteSource> input, std::string where, std::string_view doing)
      : input_(std::move(input)), where_(std::move(where)), doing_(doing), block_(kBlock, '\0') {
    archive* handle = handle_.get();
    archive_read_support_filter_xz(handle);
    archive_read_support_filter_bzip2(handle);
    archive_read_support_filter_lzip(handle);
    archive_read_support_format_raw(handle);
    archive_read_support_format_empty(handle);
    check(archive_read_open(handle, this, nullptr, &ArchiveFilter::read_input, nullptr));
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(handle, &entry);
    ended_ = status == ARCHIVE_EOF;
    if (!ended_) check(status);
    // Too little of a stream to be known as one would be given out as it stands.
    constexpr int kWithFilter = 2;
    if (archive_filter_count(handle) < kWithFilter)
      throw InputError(doing_, where_, "the compressed stream ends too early");
    if (ended_) check_end();
  }

  std::size_t read(char* out, std::size_t size) override {
    if (ended_) return 0;
    const la_ssize_t n = archive_read_data(handle_.get(), out, size);
    if (n < 0) check(static_cast<int>(n));
    ended_ = n == 0;
    if (ended_) check_end();
    return static_cast<std::size_t>(n);
  }

 private:
  struct Free {
    void operator()(archive* handle) const { archive_read_free(handle); }
  };

  /// libarchive is C: an exception waits here until it has returned.
  static la_ssize_t read_input(archive* handle, void* self_pointer, const void** block) {
    auto* self = static_cast<ArchiveFilter*>(self_pointer);
    std::size_t n = 0;
    try {
      n = self->input_->read(self->block_.data(), self->block_.size());
    } catch (...) {
      self->failure_ = std::current_exception();
      archive_set_error(handle, EIO, "the input failed");
      return ARCHIVE_FATAL;
    }
    if (n > 0) self->block_size_ = n;
    self->delivered_ += static_cast<la_int64_t>(n);
    *block = self->block_.data();
    return static_cast<la_ssize_t>(n);
  }

  void check(int status) const {
    if (status == ARCHIVE_OK) return;
    if (failure_) std::rethrow_exception(failure_);
    const char* reason = archive_error_string(handle_.get());
    throw InputError(doing_, where_,
                     fmt::format("the compressed stream is corrupt or ends too early ({})",
                                 reason ? reason : "no reason"));
  }

  /// libarchive passes over what follows the last stream; zero bytes may, as behind gzip.
  void check_end() {
    const la_int64_t consumed = archive_filter_bytes(handle_.get(), -1);
    const auto left = static_cast<std::size_t>(delivered_ - consumed);
    bool padding = left <= block_size_;
    if (padding) padding = is_zero(block_.data() + block_size_ - left, left);
    while (padding && (block_size_ = input_->read(block_.data(), block_.size())) > 0)
      padding = is_zero(block_.data(), block_size_);
    if (!padding)
      throw InputError(doing_, where_,
                       fmt::format("bytes that are no compressed stream follow at byte {}", consumed));
  }
  static bool is_zero(const char* bytes, std::size_t size) {
    return std::all_of(bytes, bytes + size, [](char c) { return c == 0; });
  }

  std::unique_ptr<ByteSource> input_;
  std::string where_;
  std::string doing_;
  std::string block_;
  std::size_t block_size_ = 0;  // of the last block with bytes
  la_int64_t delivered_ = 0;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::unique_ptr<archive, Free> handle_{archive_read_new()};
};

}  // namespace

std::unique_ptr<ByteSource> make_archive_filter(std::unique_ptr<ByteSource> input, const std::string& where,
                                                std::string_view doing) {
  return std::make_unique<ArchiveFilter>(std::move(input), where, doing);
}

}  // namespace conceptune
