// Names beside a destination, under which a file or folder is written until it is whole.
#pragma once

#include <filesystem>
#include <utility>

namespace conceptune {

/// What is being made for a destination: `.NAME.PID-N.partial` beside it, locked while it is made. What a
/// killed process left for the same destination is removed first; what a living one makes is left alone.
class PartialPath {
 public:
  enum class Kind { file, folder };

  /// Makes an empty file or folder; the parent folder must exist. Throws SystemError when the machine
  /// refuses.
  PartialPath(const std::filesystem::path& destination, Kind kind);
  /// Removes what was made, unless forget() was called.
  ~PartialPath();
  PartialPath(const PartialPath&) = delete;
  PartialPath& operator=(const PartialPath&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Open for writing where it is a file.
  int descriptor() const { return descriptor_; }
  /// What was made has another name now.
  void forget() { path_.clear(); }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// A name beside `destination` that nothing has yet: `.NAME.PID-N` and the ending, NAME cut where file
/// systems' longest names demand it.
std::filesystem::path unused_name_beside(const std::filesystem::path& destination, const char* ending);

}  // namespace conceptune
