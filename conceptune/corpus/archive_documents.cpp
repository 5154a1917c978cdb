// Documents of tar archives, read through libarchive.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/foreign_format.h"
#include "conceptune/corpus/document_format.h"
#include "conceptune/corpus/document_readers.h"

namespace conceptune::corpus {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

/// A tar's regular files, one after the other.
class Archive {
 public:
  Archive(std::unique_ptr<ByteSource> tar, std::string where)
      : tar_(std::move(tar)), where_(std::move(where)), block_(kBlock, '\0') {
    archive_read_support_format_tar(handle_.get());
    check(archive_read_open(handle_.get(), this, nullptr, &Archive::read_tar, nullptr));
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// Goes to the next regular file; false at the end.
  bool next_file() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(handle_.get(), &entry);
      if (status == ARCHIVE_EOF) return false;
      check(status);
      if (archive_entry_filetype(entry) != AE_IFREG) continue;
      const char* name = archive_entry_pathname(entry);
      name_ = name ? name : "?";
      return true;
    }
  }
  const std::string& name() const { return name_; }
  std::string where() const { return name_.empty() ? where_ : where_ + ", " + name_; }

  /// Bytes of the present file.
  std::size_t read(char* buffer, std::size_t size) {
    const la_ssize_t n = archive_read_data(handle_.get(), buffer, size);
    if (n < 0) check(static_cast<int>(n));
    return static_cast<std::size_t>(n);
  }

 private:
  struct Free {
    void operator()(archive* handle) const { archive_read_free(handle); }
  };

  /// libarchive is C: an exception waits here until it has returned.
  static la_ssize_t read_tar(archive* handle, void* self_pointer, const void** block) {
    auto* self = static_cast<Archive*>(self_pointer);
    *block = self->block_.data();
    try {
      return static_cast<la_ssize_t>(self->tar_->read(self->block_.data(), self->block_.size()));
    } catch (...) {
      self->failure_ = std::current_exception();
      archive_set_error(handle, EIO, "the input failed");
      return ARCHIVE_FATAL;
    }
  }

  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    if (failure_) std::rethrow_exception(failure_);
    const char* reason = archive_error_string(handle_.get());
    throw InputError(kReadingCorpus, where(), reason ? reason : "the archive is corrupt");
  }

  std::unique_ptr<ByteSource> tar_;
  std::string where_;
  std::string name_;
  std::string block_;
  std::exception_ptr failure_;
  std::unique_ptr<archive, Free> handle_{archive_read_new()};
};

class EntrySource : public ByteSource {
 public:
  explicit EntrySource(Archive& archive) : archive_(archive) {}
  std::size_t read(char* buffer, std::size_t size) override { return archive_.read(buffer, size); }

 private:
  Archive& archive_;
};

class ArchiveDocuments : public DocumentReader {
 public:
  ArchiveDocuments(std::unique_ptr<ByteSource> tar, std::string where, std::string_view text_key,
                   bool is_inner)
      : archive_(std::move(tar), std::move(where)), text_key_(text_key), is_inner_(is_inner) {}

  bool next(std::string& text) override {
    for (;;) {
      if (entry_ && entry_->next(text)) return true;
      entry_.reset();
      if (!archive_.next_file()) return false;
      entry_ = open_entry();
    }
  }

 private:
  std::unique_ptr<DocumentReader> open_entry() {
    const std::string where = archive_.where();
    auto bytes = std::make_unique<PeekedSource>(
        decompressed(std::make_unique<EntrySource>(archive_), where, kReadingCorpus), kForeignMagicBytes);
    const auto by_name = format_by_name(archive_.name());
    const bool is_archive = is_tar(bytes->first()) || by_name == DocumentFormat::archive;
    if (is_archive && !is_inner_)
      return std::make_unique<ArchiveDocuments>(std::move(bytes), where, text_key_, true);
    if (is_archive)
      throw InputError(kReadingCorpus, where, "an archive within an archive within an archive; unpack one");
    return read_documents(text_source(std::move(bytes), where, kReadingCorpus), where,
                          by_name.value_or(DocumentFormat::whole_files), text_key_);
  }

  Archive archive_;
  std::string text_key_;
  bool is_inner_;
  std::unique_ptr<DocumentReader> entry_;  // reads from archive_
};

}  // namespace

std::unique_ptr<DocumentReader> read_archive(std::unique_ptr<ByteSource> tar, const std::string& name,
                                             std::string_view text_key) {
  auto peeked = std::make_unique<PeekedSource>(std::move(tar), kForeignMagicBytes);
  const auto foreign = foreign_format(peeked->first());
  if (foreign && !is_tar(peeked->first()))
    throw InputError(kReadingCorpus, name,
                     fmt::format("{}, expected a tar archive; {}", foreign->name, foreign->advice));
  return std::make_unique<ArchiveDocuments>(std::move(peeked), name, text_key, false);
}

}  // namespace conceptune::corpus
