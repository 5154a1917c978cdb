#include "conceptune/runtime/weights/half.h"

#include <bit>
#include <cmath>

namespace conceptune::weights {

std::uint16_t half_bits(float value) {
  constexpr std::uint32_t kInfinity = 0x7f800000, kBeyondLargest = 0x47800000;  // 65536
  constexpr std::uint32_t kSmallestNormal = 0x38800000;                         // 2⁻¹⁴
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > kInfinity) return static_cast<std::uint16_t>(sign | 0x7e00);  // not a number
  if (magnitude >= kBeyondLargest) return static_cast<std::uint16_t>(sign | 0x7c00);
  if (magnitude < kSmallestNormal) {
    const float steps = std::nearbyint(std::bit_cast<float>(magnitude) * 0x1p24F);
    return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(steps));
  }
  const std::uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);  // carries into the exponent
  return static_cast<std::uint16_t>(sign | (rounded - 0x38000000) >> 13);
}

}  // namespace conceptune::weights
