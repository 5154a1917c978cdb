#include "conceptune/base/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace conceptune {
namespace {

/// The number in a file of one number, or `otherwise` ("max", no such file).
std::int64_t number_in(const char* path, std::int64_t otherwise) {
  std::int64_t number = 0;
  return std::ifstream(path) >> number ? number : otherwise;
}

/// What the control group still allows (cgroup v2, as a container sees itself).
std::int64_t left_in_control_group() {
  constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
  const std::int64_t limit = number_in("/sys/fs/cgroup/memory.max", kNoLimit);
  return limit == kNoLimit ? limit
                           : std::max<std::int64_t>(0, limit - number_in("/sys/fs/cgroup/memory.current", 0));
}

}  // namespace

std::int64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::int64_t kilobytes = 0;
  for (std::string word; file >> word;)
    if (word == "MemAvailable:" && file >> kilobytes) break;
  return std::min(kilobytes * 1024, left_in_control_group());
}

std::int64_t resident_memory() {
  std::int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

void prefer_large_pages(void* memory, std::size_t bytes) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t begin = (address + page - 1) / page * page, end = (address + bytes) / page * page;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): whole pages begin where no pointer is
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace conceptune
