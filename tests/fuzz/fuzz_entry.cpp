// libFuzzer's entry to one target; CMakeLists.txt names it.
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  conceptune::fuzz::CONCEPTUNE_FUZZ_TARGET(std::as_bytes(std::span(data, size)));
  return 0;
}
