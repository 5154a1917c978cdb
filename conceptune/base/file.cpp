#include "conceptune/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

std::string reason(int error_number) { return std::generic_category().message(error_number); }

/// Closes a descriptor at the end of a scope.
struct Descriptor {
  int value;
  explicit Descriptor(int v) : value(v) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

std::size_t open_regular_file(const fs::path& path, std::string_view doing, Descriptor& descriptor) {
  descriptor.value = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor.value < 0) throw InputError(doing, path.string(), reason(errno));
  struct stat status {};
  if (::fstat(descriptor.value, &status) != 0) throw InputError(doing, path.string(), reason(errno));
  if (!S_ISREG(status.st_mode)) throw InputError(doing, path.string(), "not a regular file");
  return static_cast<std::size_t>(status.st_size);
}

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.value >= 0) ::fsync(descriptor.value);
}

fs::path temporary_name(const fs::path& destination) {
  return destination.parent_path() /
         fmt::format(".{}.{}.partial", destination.filename().string(), ::getpid());
}

void sync_files_below(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const Descriptor descriptor(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.value < 0 || ::fsync(descriptor.value) != 0)
      throw SystemError("writing", entry.path().string(), errno);
  }
  sync_folder(folder);
}

}  // namespace

std::string read_file(const fs::path& path, std::string_view doing) {
  Descriptor descriptor(-1);
  std::string content(open_regular_file(path, doing, descriptor), '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t n = ::read(descriptor.value, content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw InputError(doing, path.string(), reason(errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  content.resize(done);
  return content;
}

MappedFile::MappedFile(const fs::path& path, std::string_view doing) {
  Descriptor descriptor(-1);
  size_ = open_regular_file(path, doing, descriptor);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor.value, 0);
  if (address == MAP_FAILED) throw SystemError(doing, path.string(), errno);
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

AtomicFile::AtomicFile(fs::path destination)
    : destination_(std::move(destination)), temporary_(temporary_name(destination_)) {
  // A rename would replace a device or a pipe (/dev/null, /dev/stdout) by a file.
  if (fs::exists(destination_) && fs::is_other(destination_)) temporary_ = destination_;
  if (destination_.has_parent_path()) make_folder(destination_.parent_path());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw SystemError("writing", destination_.string(), errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (temporary_ != destination_) ::unlink(temporary_.c_str());
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
  if (temporary_ == destination_) {
    ::close(std::exchange(descriptor_, -1));
    return;
  }
  if (::fsync(descriptor_) != 0) throw SystemError("writing", destination_.string(), errno);
  if (::close(std::exchange(descriptor_, -1)) != 0 ||
      ::rename(temporary_.c_str(), destination_.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(temporary_.c_str());
    throw SystemError("writing", destination_.string(), error_number);
  }
  sync_folder(destination_.parent_path());
}

void write_file_atomically(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

AtomicFolder::AtomicFolder(fs::path destination)
    : destination_(std::move(destination)), temporary_(temporary_name(destination_)) {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  make_folder(temporary_);
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  if (!committed_) fs::remove_all(temporary_, ignored);
}

void AtomicFolder::commit() {
  sync_files_below(temporary_);
  std::error_code error;
  fs::path replaced;
  if (fs::exists(destination_)) {
    // A folder cannot be renamed over a full one: the old one steps aside first.
    replaced = temporary_;
    replaced += ".replaced";
    fs::rename(destination_, replaced, error);
    if (error) throw SystemError("writing", destination_.string(), error.message());
  }
  fs::rename(temporary_, destination_, error);
  if (error) throw SystemError("writing", destination_.string(), error.message());
  committed_ = true;
  sync_folder(destination_.parent_path());
  if (!replaced.empty()) fs::remove_all(replaced, error);
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw SystemError("making folder", path.string(), error.message());
}

}  // namespace conceptune
