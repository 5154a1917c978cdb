#include "conceptune/base/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {

namespace fs = std::filesystem;

bool is_file_of(int descriptor, const fs::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

std::optional<FileLock> FileLock::try_take(const fs::path& path, std::string_view doing) {
  for (;;) {
    if (path.has_parent_path()) make_folder(path.parent_path());
    FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (lock.descriptor_ < 0 && errno == ENOENT) continue;  // its holder removed the folder just now
    if (lock.descriptor_ < 0) throw SystemError(doing, path.string(), errno);
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) return std::nullopt;
      throw SystemError(doing, path.string(), errno);
    }
    if (is_file_of(lock.descriptor_, path))
      return lock;  // else another process removed the file and made it anew
  }
}

FileLock FileLock::take_or_refuse(const fs::path& path, std::string_view doing, const fs::path& written,
                                  std::string_view problem) {
  auto lock = try_take(path, doing);
  if (!lock) throw InputError(doing, written.string(), problem);
  return *std::move(lock);
}

FileLock FileLock::take(const fs::path& path, std::string_view doing, const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPause(50);
  for (;;) {
    if (auto lock = try_take(path, doing)) return *std::move(lock);
    if (stop.stop_requested()) throw Interrupted(fmt::format("{}: stopped", doing));
    std::this_thread::sleep_for(kPause);
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace conceptune
