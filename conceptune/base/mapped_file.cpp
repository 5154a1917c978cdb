#include "conceptune/base/mapped_file.h"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

/// A mapping as a signal handler can look at it: without locks, and complete while `begin` is not 0.
struct Mapping {
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::size_t> size = 0;
  std::atomic<char*> path = nullptr;
};

// Models have some dozens of files. Of those beyond, a handler only cannot tell the name.
Mapping mappings[1024];

void note_mapping(const void* address, std::size_t size, const std::filesystem::path& path) {
  for (auto& mapping : mappings) {
    char* expected = nullptr;
    char* const name = ::strdup(path.c_str());
    if (!mapping.path.compare_exchange_strong(expected, name)) {
      std::free(name);
      continue;
    }
    mapping.size = size;
    mapping.begin = reinterpret_cast<std::uintptr_t>(address);
    return;
  }
}

void forget_mapping(const void* address) {
  for (auto& mapping : mappings) {
    if (mapping.begin != reinterpret_cast<std::uintptr_t>(address)) continue;
    mapping.begin = 0;
    std::free(mapping.path.exchange(nullptr));
    return;
  }
}

}  // namespace

const char* mapped_file_at(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  for (const auto& mapping : mappings) {
    const std::uintptr_t begin = mapping.begin;
    if (begin != 0 && wanted >= begin && wanted < begin + mapping.size) return mapping.path;
  }
  return nullptr;
}

MappedFile::MappedFile(const std::filesystem::path& path, std::string_view doing) {
  const OpenFile file(path, doing);
  size_ = file.size();
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (address == MAP_FAILED) throw SystemError(doing, path.string(), errno);
  data_ = static_cast<const std::byte*>(address);
  note_mapping(address, size_, path);
}

MappedFile::~MappedFile() {
  if (!data_) return;
  forget_mapping(data_);
  ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace conceptune
