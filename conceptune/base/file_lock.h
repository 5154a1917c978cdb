// Locks that keep two processes from writing the same thing.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string_view>

namespace conceptune {

/// An advisory lock on a file (flock). It ends with the object, or with the process, however that ends; other
/// objects of the same process are kept out too.
class FileLock {
 public:
  /// Locks the file, which is made where it is absent, with its folder. Nothing when another holds it.
  /// `doing` begins the message of the SystemError thrown when the file cannot be opened or the file system
  /// has no locks.
  static std::optional<FileLock> try_take(const std::filesystem::path& path, std::string_view doing);

  /// The same, but refuses where another holds it: InputError "DOING: WRITTEN: PROBLEM", `written` being what
  /// the lock is for.
  static FileLock take_or_refuse(const std::filesystem::path& path, std::string_view doing,
                                 const std::filesystem::path& written, std::string_view problem);

  /// Waits for the lock. Throws Interrupted when asked to stop.
  static FileLock take(const std::filesystem::path& path, std::string_view doing,
                       const std::stop_token& stop);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

/// Whether the open file or folder is still the one of that name.
bool is_file_of(int descriptor, const std::filesystem::path& path);

}  // namespace conceptune
