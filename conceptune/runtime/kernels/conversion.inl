// The conversions as loops that the compiler turns into vectors of the instruction set that the including
// file is built for. It defines CONCEPTUNE_ISA_NAMESPACE.
#include <cstdint>

#include "conceptune/runtime/kernels/conversion.h"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

inline std::uint16_t rounded_to_bf16(float value) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  const std::uint32_t even = (bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U;
  const std::uint32_t quiet = bits >> 16U | 0x40U;
  return static_cast<std::uint16_t>((bits & 0x7FFFFFFFU) > 0x7F800000U ? quiet : even);
}

inline float widened(std::uint16_t rounded) {
  return __builtin_bit_cast(float, static_cast<std::uint32_t>(rounded) << 16U);
}

[[maybe_unused]] void to_bf16(const float* values, std::int64_t count, std::uint16_t* rounded) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < count; ++i) rounded[i] = rounded_to_bf16(values[i]);
}

void from_bf16(const std::uint16_t* rounded, std::int64_t count, float* values) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < count; ++i) values[i] = widened(rounded[i]);
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
