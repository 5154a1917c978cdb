#include "conceptune/base/output_lock.h"

#include <fmt/format.h>

#include <string>
#include <system_error>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

fs::path lock_path_of(const fs::path& output) {
  constexpr std::size_t kLongest = 200;  // of the 255 bytes that file systems take
  const fs::path path = resolved_path(output);
  return path.parent_path() / fmt::format(".{}.lock", path.filename().string().substr(0, kLongest));
}

FileLock take(const fs::path& lock_path, const fs::path& output, std::string_view doing) {
  auto lock = FileLock::try_take(lock_path, doing);
  if (!lock) throw InputError(doing, output.string(), "another process is writing it");
  return *std::move(lock);
}

}  // namespace

OutputLock::OutputLock(const fs::path& output, std::string_view doing)
    : path_(lock_path_of(output)), lock_(take(path_, output, doing)) {}

OutputLock::~OutputLock() {
  std::error_code ignored;  // while the lock is held: who opened the file meanwhile makes it anew
  fs::remove(path_, ignored);
}

}  // namespace conceptune
