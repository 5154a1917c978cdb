// Files mapped into memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace conceptune {

/// A file mapped read-only into memory; empty files give an empty span. A file that another program makes
/// shorter meanwhile cannot be read to its end: the system then sends SIGBUS, which mapped_file_at() helps to
/// explain.
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

/// The path of the file that is mapped at an address; null for any other address. May be called in a signal
/// handler.
const char* mapped_file_at(const void* address);

}  // namespace conceptune
