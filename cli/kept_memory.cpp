// How much freed memory a program keeps instead of giving it back to the system.
//
// oneDNN takes work memory for every product and frees it. By default the C library gives some of it back
// each time, and the system clears every page that it gives out again: a training step of SmolLM2-135M waited
// for some 14,000 pages, 5 % of a bfloat16 step (bench/README.md). 64 MB hold all that products take.
#include <malloc.h>

namespace {

constexpr int kKeptBytes = 64 << 20;

[[gnu::constructor]] void keep_memory() {
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  ::mallopt(M_MMAP_THRESHOLD, kKeptBytes);
}

}  // namespace
