#include "conceptune/corpus/archive_documents.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading corpus";
constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr std::size_t kMaxDocumentBytes = std::size_t{1} << 30;

bool is_archive_name(const fs::path& name) {
  const auto extension = name.extension();
  return extension == ".tar" || extension == ".tgz" || extension == ".xz";
}

/// One opened archive: a file, or an entry of another archive.
class Archive {
 public:
  explicit Archive(const fs::path& path) : where_(path.string()) {
    archive_read_support_filter_all(handle_.get());
    archive_read_support_format_tar(handle_.get());
    check(archive_read_open_filename(handle_.get(), path.c_str(), kBlock));
  }
  /// An archive that is the current entry of `outer`, which must stay there until this one is read.
  explicit Archive(Archive& outer) : where_(outer.where()), outer_(&outer), buffer_(kBlock) {
    archive_read_support_filter_all(handle_.get());
    archive_read_support_format_tar(handle_.get());
    archive_read_support_format_raw(handle_.get());  // a single compressed text
    check(archive_read_open(handle_.get(), this, nullptr, &Archive::read_outer, nullptr));
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
  std::string where() const { return where_ + ", " + name_; }

  void read_file(std::string& content) {
    content.clear();
    for (;;) {
      const std::size_t begin = content.size();
      if (begin > kMaxDocumentBytes) throw InputError(kDoing, where(), "a document above 1 GiB");
      content.resize(begin + kBlock);
      const la_ssize_t n = archive_read_data(handle_.get(), content.data() + begin, kBlock);
      if (n < 0) check(static_cast<int>(n));
      content.resize(begin + static_cast<std::size_t>(n));
      if (n == 0) return;
    }
  }

 private:
  struct Free {
    void operator()(archive* handle) const { archive_read_free(handle); }
  };

  static la_ssize_t read_outer(archive* handle, void* self_pointer, const void** block) {
    auto* self = static_cast<Archive*>(self_pointer);
    *block = self->buffer_.data();
    archive* outer = self->outer_->handle_.get();
    const la_ssize_t n = archive_read_data(outer, self->buffer_.data(), self->buffer_.size());
    if (n < 0) archive_set_error(handle, EIO, "%s", archive_error_string(outer));
    return n;
  }

  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* reason = archive_error_string(handle_.get());
    throw InputError(kDoing, name_.empty() ? where_ : where(), reason ? reason : "the archive is corrupt");
  }

  std::unique_ptr<archive, Free> handle_{archive_read_new()};
  std::string where_;
  std::string name_;
  Archive* outer_ = nullptr;
  std::vector<char> buffer_;
};

class ArchiveDocuments : public DocumentReader {
 public:
  explicit ArchiveDocuments(const fs::path& path) : outer_(path) {}

  bool next(std::string& text) override {
    for (;;) {
      if (inner_) {
        if (inner_->next_file()) return read(*inner_, text);
        inner_.reset();
      }
      if (!outer_.next_file()) return false;
      if (!is_archive_name(outer_.name())) return read(outer_, text);
      inner_ = std::make_unique<Archive>(outer_);
    }
  }

 private:
  static bool read(Archive& archive, std::string& text) {
    archive.read_file(text);
    if (const auto byte = first_invalid_utf8(text))
      throw InputError(kDoing, archive.where(), fmt::format("invalid UTF-8 at byte {}", *byte));
    return true;
  }

  Archive outer_;
  std::unique_ptr<Archive> inner_;
};

}  // namespace

std::unique_ptr<DocumentReader> open_archive_documents(const fs::path& path) {
  return std::make_unique<ArchiveDocuments>(path);
}

}  // namespace conceptune::corpus
