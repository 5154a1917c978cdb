#include <cpuid.h>

#include <cstdint>

#include "conceptune/runtime/kernels/processor.h"

namespace conceptune::kernels {
namespace {

struct CpuidLeaf {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

CpuidLeaf cpuid(unsigned leaf, unsigned subleaf) {
  CpuidLeaf result;
  __get_cpuid_count(leaf, subleaf, &result.eax, &result.ebx, &result.ecx, &result.edx);
  return result;
}

constexpr bool bit(unsigned word, int position) { return (word >> position & 1U) != 0; }

/// XCR0: which register states the operating system saves. Only valid where OSXSAVE is set.
std::uint64_t saved_register_state() {
  unsigned low = 0;
  unsigned high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return std::uint64_t{high} << 32U | low;
}

}  // namespace

/// Bit positions: Intel SDM volume 2A, CPUID leaves 1 and 7.
Isa best_isa() {
  const CpuidLeaf basic = cpuid(1, 0);
  const bool os_saves_extended_state = bit(basic.ecx, 27);
  if (!os_saves_extended_state) return Isa::plain;
  constexpr std::uint64_t kYmmState = 0x06;
  constexpr std::uint64_t kZmmState = 0xE6;
  const std::uint64_t saved = saved_register_state();
  const CpuidLeaf extended = cpuid(7, 0);
  const bool fma = bit(basic.ecx, 12);
  const bool f16c = bit(basic.ecx, 29);
  if (!(bit(extended.ebx, 5) && fma && f16c && (saved & kYmmState) == kYmmState)) return Isa::plain;
  const bool avx512 = bit(extended.ebx, 16) && bit(extended.ebx, 17) && bit(extended.ebx, 30) &&
                      bit(extended.ebx, 31);  // F, DQ, BW, VL
  if (!(avx512 && (saved & kZmmState) == kZmmState)) return Isa::avx2;
  const bool bf16 = bit(cpuid(7, 1).eax, 5);
  return bf16 ? Isa::avx512bf16 : Isa::avx512;
}

}  // namespace conceptune::kernels
