// Memory of this machine and process.
#pragma once

#include <cstdint>

namespace conceptune {

/// Bytes that can be allocated without swapping: the kernel's estimate (MemAvailable), or less where a
/// control group allows less. 0 where neither can be read.
std::int64_t available_memory();

/// Bytes of this process that are in memory.
std::int64_t resident_memory();

}  // namespace conceptune
