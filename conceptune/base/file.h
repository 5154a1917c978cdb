// Files read whole, and written so that a reader sees the old content or the new, never half of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "conceptune/base/partial_path.h"

namespace conceptune {

/// A regular file open for reading.
class OpenFile {
 public:
  /// Throws InputError (`doing` begins the message) when the file cannot be opened or is no regular file.
  OpenFile(const std::filesystem::path& path, std::string_view doing);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }
  /// Bytes when it was opened.
  std::size_t size() const { return size_; }

 private:
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

/// Content of a file. `doing` begins the message of the InputError thrown when it cannot be read.
std::string read_file(const std::filesystem::path& path, std::string_view doing);

/// Whether a file can be read and begins with these bytes.
bool begins_with(const std::filesystem::path& path, std::string_view bytes);

/// What becomes of what is there already.
enum class Existing { refuse, replace };

/// A file written beside its destination and renamed to it by commit(), after its bytes reached the disk.
/// Without commit() the destination stays as it was. A device or pipe is written to directly; where the
/// destination is a link, the file that it leads to is written. Throws SystemError when the disk refuses.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& destination, Existing existing = Existing::replace);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  /// Throws InputError when the file has come to be and is not to be replaced.
  void commit();

 private:
  std::filesystem::path destination_;
  Existing existing_;
  std::optional<PartialPath> partial_;  // none for a device
  int descriptor_ = -1;
};

/// Writes `content` to `path` through an AtomicFile.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Makes a folder and its parents; SystemError says why it cannot be.
void make_folder(const std::filesystem::path& path);

/// Brings the entries of a folder to the disk; a file system that cannot is no error.
void sync_folder(const std::filesystem::path& folder);

/// The path absolute, without links, "." and a final separator; what does not exist yet stays as written.
std::filesystem::path resolved_path(const std::filesystem::path& path);

}  // namespace conceptune
