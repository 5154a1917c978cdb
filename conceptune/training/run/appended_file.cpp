#include "conceptune/training/run/appended_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"

namespace conceptune::training {

AppendedFile::AppendedFile(std::filesystem::path path, std::int64_t bytes)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)),
      written_(bytes) {
  if (descriptor_ < 0) throw SystemError("writing log", path_.string(), errno);
  struct stat status {};
  const bool readable = ::fstat(descriptor_, &status) == 0;
  const bool shorter = readable && status.st_size < bytes;
  if (readable && !shorter && ::ftruncate(descriptor_, bytes) == 0) return;
  const int error_number = errno;
  ::close(descriptor_);
  if (shorter)
    throw InputError(
        "resuming training", path_.string(),
        fmt::format("has {} bytes, expected at least the {} of the checkpoint", status.st_size, bytes));
  throw SystemError("writing log", path_.string(), error_number);
}

AppendedFile::~AppendedFile() { ::close(descriptor_); }

void AppendedFile::add(std::string_view piece) {
  waiting_ += piece;
  try {
    write_waiting();
  } catch (const SystemError& error) {
    if (!warned_) warn(fmt::format("{}; what it refused is kept in memory", error.what()));
    warned_ = true;
  }
}

void AppendedFile::sync() {
  write_waiting();
  if (::fsync(descriptor_) != 0) throw SystemError("writing log", path_.string(), errno);
}

void AppendedFile::write_waiting() {
  while (!waiting_.empty()) {
    const ssize_t n = ::pwrite(descriptor_, waiting_.data(), waiting_.size(), written_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SystemError("writing log", path_.string(), errno);
    written_ += n;
    waiting_.erase(0, static_cast<std::size_t>(n));
  }
}

}  // namespace conceptune::training
