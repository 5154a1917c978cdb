#include "conceptune/runtime/kernels/isa.h"

#include <cpuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "conceptune/base/error.h"

namespace conceptune::kernels {
namespace {

// In the order of Isa.
constexpr std::array<std::string_view, 4> kNames = {"plain", "avx2", "avx512", "avx512bf16"};

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

std::string names_of(const std::vector<Isa>& isas) {
  std::string text;
  for (const Isa isa : isas) text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(isa));
  return text;
}

Isa choose_isa() {
  const char* wanted = std::getenv("CONCEPTUNE_ISA");
  const std::vector<Isa> supported = supported_isas();
  if (!wanted || *wanted == '\0') return supported.back();
  const auto found = std::ranges::find(supported, std::string_view(wanted), &name_of);
  if (found == supported.end())
    throw InputError(
        "choosing kernels", "environment variable CONCEPTUNE_ISA",
        fmt::format("is '{}', expected one of those this machine runs: {}", wanted, names_of(supported)));
  return *found;
}

}  // namespace

std::string_view name_of(Isa isa) { return kNames[static_cast<std::size_t>(isa)]; }

std::vector<Isa> supported_isas() {
  std::vector<Isa> isas;
  for (int i = 0; i <= static_cast<int>(best_isa()); ++i) isas.push_back(static_cast<Isa>(i));
  return isas;
}

Isa active_isa() {
  static const Isa isa = choose_isa();
  return isa;
}

}  // namespace conceptune::kernels
