#include "conceptune/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

std::string reason(int error_number) { return std::generic_category().message(error_number); }

/// Renames where nothing has the new name. False when something has it.
bool rename_if_free(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL && errno != ENOSYS) throw SystemError("writing", to.string(), errno);
  // A file system without that call: look first.
  if (fs::exists(fs::symlink_status(to))) return false;
  if (::rename(from.c_str(), to.c_str()) != 0) throw SystemError("writing", to.string(), errno);
  return true;
}

/// A machine that has no more is no fault of the file.
[[noreturn]] void refuse(const fs::path& path, std::string_view doing, int error_number) {
  if (error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM || error_number == EIO)
    throw SystemError(doing, path.string(), error_number);
  throw InputError(doing, path.string(), reason(error_number));
}

}  // namespace

OpenFile::OpenFile(const fs::path& path, std::string_view doing)
    // Without waiting: a pipe that nobody writes to is refused like any other that is no regular file.
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) refuse(path, doing, errno);
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  const std::string problem = !known ? reason(errno) : S_ISREG(status.st_mode) ? "" : "not a regular file";
  if (problem.empty()) {
    size_ = static_cast<std::size_t>(status.st_size);
    return;
  }
  ::close(descriptor_);
  throw InputError(doing, path.string(), problem);
}

OpenFile::~OpenFile() { ::close(descriptor_); }

std::string read_file(const fs::path& path, std::string_view doing) {
  const OpenFile file(path, doing);
  std::string content(file.size(), '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t n = ::read(file.descriptor(), content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse(path, doing, errno);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  content.resize(done);
  return content;
}

bool begins_with(const fs::path& path, std::string_view bytes) {
  std::ifstream stream(path, std::ios::binary);
  std::string begin(bytes.size(), '\0');
  return stream.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == bytes;
}

AtomicFile::AtomicFile(const fs::path& destination, Existing existing)
    : destination_(fs::is_symlink(destination) ? resolved_path(destination) : destination),
      existing_(existing) {
  // A rename would replace a device or a pipe (/dev/null, /dev/stdout) by a file.
  if (fs::exists(destination_) && fs::is_other(destination_)) {
    descriptor_ = ::open(destination_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw SystemError("writing", destination_.string(), errno);
    return;
  }
  if (destination_.has_parent_path()) make_folder(destination_.parent_path());
  partial_.emplace(destination_, PartialPath::Kind::file);
  descriptor_ = partial_->descriptor();
}

AtomicFile::~AtomicFile() {
  if (!partial_) ::close(descriptor_);
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SystemError("writing", destination_.string(), errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void AtomicFile::commit() {
  if (!partial_) return;
  if (::fsync(descriptor_) != 0) throw SystemError("writing", destination_.string(), errno);
  if (existing_ == Existing::refuse) {
    if (!rename_if_free(partial_->path(), destination_))
      throw InputError("writing", destination_.string(), "has come to be meanwhile; nothing is replaced");
  } else if (::rename(partial_->path().c_str(), destination_.c_str()) != 0) {
    throw SystemError("writing", destination_.string(), errno);
  }
  partial_->forget();
  sync_folder(destination_.parent_path());
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw SystemError("making folder", path.string(), error.message());
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

fs::path resolved_path(const fs::path& path) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(fs::absolute(path), error);
  if (error) result = fs::absolute(path).lexically_normal();
  return result.has_filename() ? result : result.parent_path();
}

}  // namespace conceptune
