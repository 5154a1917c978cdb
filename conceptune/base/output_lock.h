// Keeps two processes from writing one output.
#pragma once

#include <filesystem>
#include <string_view>

#include "conceptune/base/file_lock.h"

namespace conceptune {

/// Holds the lock `.NAME.lock` beside an output NAME, and removes that file in the end.
class OutputLock {
 public:
  /// Throws InputError when another process holds it, SystemError as FileLock.
  OutputLock(const std::filesystem::path& output, std::string_view doing);
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;
  ~OutputLock();

 private:
  std::filesystem::path path_;
  FileLock lock_;
};

}  // namespace conceptune
