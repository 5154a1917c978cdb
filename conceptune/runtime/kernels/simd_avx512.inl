// The vector type of the AVX-512 kernels: sixteen lanes. Only files built with -mavx512f -mavx512bw
// -mavx512dq -mavx512vl -mfma -mf16c include it, and each instruction set has one of its own: the including
// file defines CONCEPTUNE_ISA_NAMESPACE.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {

struct Simd {
  using Ints = __m512i;
  using Floats = __m512;
  using Number = float;
  static constexpr int kLanes = 16;

  static Ints set(std::int32_t value) { return _mm512_set1_epi32(value); }
  static Floats set(float value) { return _mm512_set1_ps(value); }
  static Ints lane_numbers() {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  static Ints load_u8(const std::uint8_t* p) { return _mm512_cvtepu8_epi32(load_16_bytes(p)); }
  static Ints load_i8(const std::uint8_t* p) { return _mm512_cvtepi8_epi32(load_16_bytes(p)); }
  static Ints load_u16(const std::uint8_t* p) { return _mm512_cvtepu16_epi32(load_32_bytes(p)); }

  static Ints add(Ints a, Ints b) { return _mm512_add_epi32(a, b); }
  static Ints bit_and(Ints a, Ints b) { return _mm512_and_si512(a, b); }
  static Ints bit_or(Ints a, Ints b) { return _mm512_or_si512(a, b); }
  static Ints shift_left(Ints a, unsigned bits) { return _mm512_slli_epi32(a, bits); }
  static Ints shift_right(Ints a, unsigned bits) { return _mm512_srli_epi32(a, bits); }
  static Ints shift_right_each(Ints a, Ints bits) { return _mm512_srlv_epi32(a, bits); }

  static Floats to_floats(Ints a) { return _mm512_cvtepi32_ps(a); }
  static Floats floats_of_bits(Ints a) { return _mm512_castsi512_ps(a); }
  static Floats load(const std::uint8_t* p) { return _mm512_loadu_ps(p); }
  static Floats load_half(const std::uint8_t* p) { return _mm512_cvtph_ps(load_32_bytes(p)); }
  static float half(const std::uint8_t* p) {
    std::uint16_t bits;
    std::memcpy(&bits, p, sizeof bits);
    return _cvtsh_ss(bits);
  }

  static Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
  static void store(float* p, Floats a) { _mm512_storeu_ps(p, a); }
  static void store_one(float* p, float value) { *p = value; }

 private:
  static __m128i load_16_bytes(const std::uint8_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  }
  static __m256i load_32_bytes(const std::uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
};

}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
