#include "conceptune/base/partial_path.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".partial";

/// What hidden names for this destination begin with. File systems take 255 bytes, of which PID, number and
/// ending need some 40.
std::string prefix_for(const fs::path& destination) {
  constexpr std::size_t kLongest = 200;
  return fmt::format(".{}.", destination.filename().string().substr(0, kLongest));
}

int open_partial(const fs::path& path, PartialPath::Kind kind, int creating) {
  if (kind == PartialPath::Kind::file)
    return ::open(path.c_str(), O_WRONLY | creating | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (creating != 0 && ::mkdir(path.c_str(), 0777) != 0) return -1;
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/// Nobody holds the lock of what a killed process left.
void remove_abandoned(const fs::path& destination, PartialPath::Kind kind) {
  const std::string prefix = prefix_for(destination), ending = kEnding;
  const fs::path folder = destination.has_parent_path() ? destination.parent_path() : fs::path(".");
  std::error_code ignored;  // what cannot be removed only takes room
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(ending)) continue;
    // Between the two stand a process and a number, nothing that could be part of another destination's name.
    const auto owner = name.substr(prefix.size(), name.size() - prefix.size() - ending.size());
    if (owner.empty() || owner.find_first_not_of("0123456789-") != std::string::npos) continue;
    const int descriptor = open_partial(entry.path(), kind, 0);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
    ::close(descriptor);
  }
}

}  // namespace

fs::path unused_name_beside(const fs::path& destination, const char* ending) {
  static std::atomic<unsigned> number = 0;
  for (;;) {
    const auto path = destination.parent_path() / fmt::format("{}{}-{}{}", prefix_for(destination),
                                                              ::getpid(), number.fetch_add(1), ending);
    if (!fs::exists(fs::symlink_status(path))) return path;
  }
}

PartialPath::PartialPath(const fs::path& destination, Kind kind) {
  remove_abandoned(destination, kind);
  const int creating = O_CREAT | O_EXCL;
  for (;;) {
    path_ = unused_name_beside(destination, kEnding);
    descriptor_ = open_partial(path_, kind, creating);
    if (descriptor_ < 0 && errno == EEXIST) continue;
    if (descriptor_ < 0) throw SystemError("writing", destination.string(), errno);
    // Where the file system has no locks, nothing is taken for abandoned either.
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
    if (is_file_of(descriptor_, path_)) return;
    ::close(descriptor_);  // another process took it for abandoned before it was locked
  }
}

PartialPath::~PartialPath() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
  ::close(descriptor_);
}

}  // namespace conceptune
