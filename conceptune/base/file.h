// Files: read whole, mapped, written so that a reader sees the old content or the new, never half of it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace conceptune {

/// Content of a file. `doing` begins the message of the InputError thrown when it cannot be read.
std::string read_file(const std::filesystem::path& path, std::string_view doing);

/// A file mapped read-only into memory; empty files give an empty span.
class MappedFile {
 public:
  MappedFile() = default;
  /// Throws InputError (`doing` begins the message) when the file cannot be opened or is no regular file.
  MappedFile(const std::filesystem::path& path, std::string_view doing);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A file written beside its destination and renamed over it by commit(), after its bytes reached the disk.
/// Without commit() the destination stays as it was. A device or pipe is written to directly. Throws
/// SystemError when the disk refuses.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path destination);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  std::filesystem::path destination_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// Writes `content` to `path` through an AtomicFile.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// A folder filled beside its destination and renamed to it by commit(). An existing destination is replaced.
/// Without commit() the partial folder is removed.
class AtomicFolder {
 public:
  explicit AtomicFolder(std::filesystem::path destination);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  /// Where to write the files.
  const std::filesystem::path& path() const { return temporary_; }
  void commit();

 private:
  std::filesystem::path destination_;
  std::filesystem::path temporary_;
  bool committed_ = false;
};

/// Makes a folder and its parents; SystemError says why it cannot be.
void make_folder(const std::filesystem::path& path);

}  // namespace conceptune
