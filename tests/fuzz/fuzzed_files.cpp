#include "tests/fuzz/fuzzed_files.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace conceptune::fuzz {
namespace {

namespace fs = std::filesystem;

struct ProcessFolder {
  ProcessFolder() : path(fs::temp_directory_path() / ("conceptune-fuzz-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~ProcessFolder() {
    std::error_code error;
    fs::remove_all(path, error);
  }
  fs::path path;
};

}  // namespace

MemoryFile::MemoryFile(std::span<const std::byte> bytes)
    : descriptor_(::memfd_create("fuzzed", MFD_CLOEXEC)) {
  if (descriptor_ < 0 ||
      ::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("cannot make a file in memory");
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

fs::path folder_of(std::span<const std::byte> bytes, std::initializer_list<const char*> names) {
  static const ProcessFolder folder;
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const char* name : names) {
    const std::size_t end = std::min(text.find('\f'), text.size());
    std::ofstream file(folder.path / name, std::ios::binary);
    if (!file.write(text.data(), static_cast<std::streamsize>(end)).flush())
      throw std::runtime_error("cannot write a file to be fuzzed");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return folder.path;
}

}  // namespace conceptune::fuzz
