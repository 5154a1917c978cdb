// eˣ for loops that the compiler turns into vectors. The including file defines CONCEPTUNE_ISA_NAMESPACE.
#pragma once

#include <bit>
#include <cstdint>

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// eˣ to 2 units in the last place (Cephes' expf: x = n ln 2 + r, a polynomial in r, 2ⁿ through the
/// exponent); 0 below −87.7, where float32 has no normal number left, e⁸⁸ above 88, NaN of NaN. No branch and
/// no call, so that a loop over it vectorises: at −88 the exponent's bits are 0.
inline float exponential(float x) {
  const float above = x < -88.0F ? -88.0F : x;
  const float clamped = above > 88.0F ? 88.0F : above;
  // Added to a number this large, the rest of the fraction is rounded away and the integer is the last bits.
  constexpr float kRounds = 12582912.0F;  // 1.5 · 2²³
  const float shifted = clamped * 1.44269504088896341F + kRounds;
  const float whole = shifted - kRounds;
  const float r = (clamped - whole * 0.693359375F) + whole * 2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  return (p * r * r + r + 1.0F) * std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127) << 23);
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
