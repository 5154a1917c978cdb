// Memory of this machine and process.
#pragma once

#include <cstddef>
#include <cstdint>

namespace conceptune {

/// Bytes that can be allocated without swapping: the kernel's estimate (MemAvailable), or less where a
/// control group allows less. 0 where neither can be read.
std::int64_t available_memory();

/// Bytes of this process that are in memory.
std::int64_t resident_memory();

/// Asks the system to back memory that nothing has been written to with large pages (2 MB on x86-64): reading
/// through all of it then waits less for addresses. Changes nothing where it does not do that.
void prefer_large_pages(void* memory, std::size_t bytes);

}  // namespace conceptune
