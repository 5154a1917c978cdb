#include "conceptune/base/output_lock.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "conceptune/base/file.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

fs::path lock_path_of(const fs::path& output) {
  constexpr std::size_t kLongest = 200;  // of the 255 bytes that file systems take
  const fs::path path = resolved_path(output);
  return path.parent_path() / fmt::format(".{}.lock", path.filename().string().substr(0, kLongest));
}

}  // namespace

OutputLock::OutputLock(const fs::path& output, std::string_view doing)
    : path_(lock_path_of(output)),
      lock_(FileLock::take_or_refuse(path_, doing, output, "another process is writing it")) {}

OutputLock::~OutputLock() {
  std::error_code ignored;  // while the lock is held: who opened the file meanwhile makes it anew
  fs::remove(path_, ignored);
}

}  // namespace conceptune
