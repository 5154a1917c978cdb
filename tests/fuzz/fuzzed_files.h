// Bytes as the files that readers open.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>

namespace conceptune::fuzz {

/// A file in memory with these bytes.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// A folder whose files with these names are parts of `bytes`, form feeds between them. One folder a process,
/// filled anew by every call.
std::filesystem::path folder_of(std::span<const std::byte> bytes, std::initializer_list<const char*> names);

}  // namespace conceptune::fuzz
