// The vector type of the plain kernels: one lane, no intrinsics; the reference of the other versions.
#pragma once

#include <cstdint>
#include <cstring>

namespace conceptune::kernels::plain {

struct Simd {
  using Ints = std::int32_t;
  using Floats = float;
  using Number = float;
  static constexpr int kLanes = 1;

  static Ints set(std::int32_t value) { return value; }
  static Floats set(float value) { return value; }
  static Ints lane_numbers() { return 0; }
  static Ints load_u8(const std::uint8_t* p) { return *p; }
  static Ints load_i8(const std::uint8_t* p) { return static_cast<std::int8_t>(*p); }
  static Ints load_u16(const std::uint8_t* p) { return p[0] | p[1] << 8; }

  static Ints add(Ints a, Ints b) { return a + b; }
  static Ints bit_and(Ints a, Ints b) { return a & b; }
  static Ints bit_or(Ints a, Ints b) { return a | b; }
  static Ints shift_left(Ints a, int bits) {
    return static_cast<Ints>(static_cast<std::uint32_t>(a) << bits);
  }
  static Ints shift_right(Ints a, int bits) {
    return static_cast<Ints>(static_cast<std::uint32_t>(a) >> bits);
  }
  static Ints shift_right_each(Ints a, Ints bits) { return shift_right(a, bits); }

  static Floats to_floats(Ints a) { return static_cast<float>(a); }
  static Floats floats_of_bits(Ints a) {
    float value;
    std::memcpy(&value, &a, sizeof value);
    return value;
  }
  static Floats load(const std::uint8_t* p) {
    float value;
    std::memcpy(&value, p, sizeof value);
    return value;
  }
  /// IEEE binary16 at `p`; a signalling NaN becomes quiet, as the F16C instructions make it.
  static Floats load_half(const std::uint8_t* p) {
    const auto half = static_cast<std::uint32_t>(load_u16(p));
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = half >> 10U & 0x1FU;
    const std::uint32_t fraction = half & 0x3FFU;
    if (exponent == 0) {
      const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
      return sign ? -magnitude : magnitude;
    }
    std::uint32_t bits = sign | (exponent + 112U) << 23U | fraction << 13U;
    if (exponent == 31) bits = sign | 0x7F800000U | fraction << 13U | (fraction ? 0x400000U : 0U);
    return floats_of_bits(static_cast<Ints>(bits));
  }
  static float half(const std::uint8_t* p) { return load_half(p); }

  static Floats multiply(Floats a, Floats b) { return a * b; }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return a * b + c; }
  static void store(float* p, Floats a) { *p = a; }
  static void store_one(float* p, float value) { *p = value; }
};

}  // namespace conceptune::kernels::plain
