// The dequantisation algorithms, once, with the instruction set's vector type as the parameter S
// (simd_*.inl), which stores floats as its S::Number. Every product of a scale and a quant fits float32's 24
// bits, so fused and separate multiply-add agree and all versions give the same bits. No inline function of
// another header is called here: it would be compiled with this file's instruction set and could be the copy
// that the linker keeps for the whole program. Block layouts: ggml-common.h of llama.cpp; a block's bytes are
// named by their offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace conceptune::kernels {

template <class S>
struct Dequantise {
  using Ints = typename S::Ints;
  using Floats = typename S::Floats;
  using Bytes = const std::uint8_t*;
  using Number = typename S::Number;

  template <int kValues, int kBytes, void (*kBlock)(Bytes, Number*)>
  static void each_block(Bytes blocks, std::size_t block_count, Number* out) {
    for (std::size_t i = 0; i < block_count; ++i) kBlock(blocks + i * kBytes, out + i * kValues);
  }

  template <int kBytes, Floats (*kLoad)(Bytes), float (*kLoadOne)(Bytes)>
  static void each_value(Bytes values, std::size_t count, Number* out) {
    std::size_t i = 0;
    for (; i + S::kLanes <= count; i += S::kLanes) S::store(out + i, kLoad(values + kBytes * i));
    for (; i < count; ++i) S::store_one(out + i, kLoadOne(values + kBytes * i));
  }

  static void f32(Bytes values, std::size_t count, Number* out) {
    each_value<4, S::load, f32_value>(values, count, out);
  }

  static void f16(Bytes values, std::size_t count, Number* out) {
    each_value<2, S::load_half, S::half>(values, count, out);
  }

  static void bf16(Bytes values, std::size_t count, Number* out) {
    each_value<2, bf16_values, bf16_value>(values, count, out);
  }

  /// 0: scale, 2: nibbles of values j (low) and j + 16 (high). value = d (q - 8)
  static void q4_0_block(Bytes block, Number* out) {
    const Floats scale = S::set(S::half(block));
    for (int j = 0; j < 16; j += S::kLanes) {
      const Ints pair = S::load_u8(block + 2 + j);
      store_scaled(out + j, scale, S::add(S::bit_and(pair, S::set(15)), S::set(-8)));
      store_scaled(out + j + 16, scale, S::add(S::shift_right(pair, 4), S::set(-8)));
    }
  }

  /// 0: scale, 2: minimum, 4: nibbles. value = d q + m
  static void q4_1_block(Bytes block, Number* out) {
    const Floats scale = S::set(S::half(block));
    const Floats minimum = S::set(S::half(block + 2));
    for (int j = 0; j < 16; j += S::kLanes) {
      const Ints pair = S::load_u8(block + 4 + j);
      store_affine(out + j, scale, S::bit_and(pair, S::set(15)), minimum);
      store_affine(out + j + 16, scale, S::shift_right(pair, 4), minimum);
    }
  }

  /// 0: scale, 2: fifth bits (bit j belongs to value j), 6: nibbles. value = d (q - 16)
  static void q5_0_block(Bytes block, Number* out) {
    const Floats scale = S::set(S::half(block));
    const Ints fifth_bits = load_word(block + 2);
    for (int j = 0; j < 16; j += S::kLanes) {
      const Ints pair = S::load_u8(block + 6 + j);
      store_scaled(out + j, scale,
                   S::add(with_fifth_bit(S::bit_and(pair, S::set(15)), fifth_bits, j), S::set(-16)));
      store_scaled(out + j + 16, scale,
                   S::add(with_fifth_bit(S::shift_right(pair, 4), fifth_bits, j + 16), S::set(-16)));
    }
  }

  /// 0: scale, 2: minimum, 4: fifth bits, 8: nibbles. value = d q + m
  static void q5_1_block(Bytes block, Number* out) {
    const Floats scale = S::set(S::half(block));
    const Floats minimum = S::set(S::half(block + 2));
    const Ints fifth_bits = load_word(block + 4);
    for (int j = 0; j < 16; j += S::kLanes) {
      const Ints pair = S::load_u8(block + 8 + j);
      store_affine(out + j, scale, with_fifth_bit(S::bit_and(pair, S::set(15)), fifth_bits, j), minimum);
      store_affine(out + j + 16, scale, with_fifth_bit(S::shift_right(pair, 4), fifth_bits, j + 16), minimum);
    }
  }

  /// 0: scale, 2: signed bytes. value = d q
  static void q8_0_block(Bytes block, Number* out) {
    const Floats scale = S::set(S::half(block));
    for (int j = 0; j < 32; j += S::kLanes) store_scaled(out + j, scale, S::load_i8(block + 2 + j));
  }

  /// 0: scale of scales, 2: scale of minima, 4: eight 6-bit pairs, 16: nibbles. value = (d s) q - m' m
  static void q4_k_block(Bytes block, Number* out) {
    for (int part = 0; part < 8; ++part) {
      const ScaleAndMinimum affine = k_scale_and_minimum(block, part);
      const Bytes nibbles = block + (16 + part / 2 * 32);
      for (int j = 0; j < 32; j += S::kLanes)
        store_affine(out + part * 32 + j, affine.scale, nibble(S::load_u8(nibbles + j), part % 2),
                     affine.minimum);
    }
  }

  /// As Q4_K with 16: fifth bits (bit `part` of byte j belongs to value j of that part), 48: nibbles.
  static void q5_k_block(Bytes block, Number* out) {
    for (int part = 0; part < 8; ++part) {
      const ScaleAndMinimum affine = k_scale_and_minimum(block, part);
      const Bytes nibbles = block + (48 + part / 2 * 32);
      for (int j = 0; j < 32; j += S::kLanes) {
        const Ints fifth = S::bit_and(S::shift_right(S::load_u8(block + 16 + j), part), S::set(1));
        const Ints quant = S::bit_or(nibble(S::load_u8(nibbles + j), part % 2), S::shift_left(fifth, 4));
        store_affine(out + part * 32 + j, affine.scale, quant, affine.minimum);
      }
    }
  }

  /// 0: low nibbles, 128: high bit pairs, 192: sixteen signed scales, 208: scale of scales.
  /// value = (d s) (q - 32); each half of 128 values has four parts of 32 that share its bytes.
  static void q6_k_block(Bytes block, Number* out) {
    const float super_scale = S::half(block + 208);
    for (int part = 0; part < 8; ++part) {
      const int half = part / 4;
      const int quarter = part % 4;
      const Bytes nibbles = block + (half * 64 + quarter % 2 * 32);
      const Bytes pairs = block + (128 + half * 32);
      for (int j = 0; j < 32; j += S::kLanes) {
        const auto scale = static_cast<std::int8_t>(block[192 + part * 2 + j / 16]);
        const Ints high = S::bit_and(S::shift_right(S::load_u8(pairs + j), quarter * 2), S::set(3));
        const Ints quant = S::bit_or(nibble(S::load_u8(nibbles + j), quarter / 2), S::shift_left(high, 4));
        store_scaled(out + part * 32 + j, S::set(super_scale * static_cast<float>(scale)),
                     S::add(quant, S::set(-32)));
      }
    }
  }

 private:
  static float f32_value(Bytes p) {
    float value;
    std::memcpy(&value, p, sizeof value);
    return value;
  }
  static Floats bf16_values(Bytes p) { return S::floats_of_bits(S::shift_left(S::load_u16(p), 16)); }
  static float bf16_value(Bytes p) {
    const std::uint32_t bits = static_cast<std::uint32_t>(p[0] | p[1] << 8) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  struct ScaleAndMinimum {
    Floats scale;
    Floats minimum;
  };

  /// The 6-bit scale and minimum of one of the eight parts of a Q4_K or Q5_K block (get_scale_min_k4).
  static ScaleAndMinimum k_scale_and_minimum(Bytes block, int part) {
    const Bytes packed = block + 4;
    int scale = packed[part] & 63;
    int minimum = packed[part + 4] & 63;
    if (part >= 4) {
      scale = (packed[part + 4] & 15) | (packed[part - 4] >> 6) << 4;
      minimum = packed[part + 4] >> 4 | (packed[part] >> 6) << 4;
    }
    return {S::set(S::half(block) * static_cast<float>(scale)),
            S::set(-(S::half(block + 2) * static_cast<float>(minimum)))};
  }

  static Ints nibble(Ints pair, int high) { return S::bit_and(S::shift_right(pair, high * 4), S::set(15)); }

  static Ints load_word(Bytes p) {
    std::int32_t word;
    std::memcpy(&word, p, sizeof word);
    return S::set(word);
  }

  /// Sets bit 4 of each lane's quant from bit `first` + lane of `fifth_bits`.
  static Ints with_fifth_bit(Ints quant, Ints fifth_bits, int first) {
    const Ints positions = S::add(S::lane_numbers(), S::set(first));
    const Ints fifth = S::bit_and(S::shift_right_each(fifth_bits, positions), S::set(1));
    return S::bit_or(quant, S::shift_left(fifth, 4));
  }

  static void store_scaled(Number* out, Floats scale, Ints quant) {
    S::store(out, S::multiply(scale, S::to_floats(quant)));
  }
  static void store_affine(Number* out, Floats scale, Ints quant, Floats minimum) {
    S::store(out, S::multiply_add(scale, S::to_floats(quant), minimum));
  }
};

/// Initialiser of a DequantiseTable, in the order of BlockType.
#define CONCEPTUNE_DEQUANTISE_TABLE(S)                                  \
  {                                                                     \
    Dequantise<S>::f32, Dequantise<S>::f16, Dequantise<S>::bf16,        \
        Dequantise<S>::each_block<32, 18, Dequantise<S>::q4_0_block>,   \
        Dequantise<S>::each_block<32, 20, Dequantise<S>::q4_1_block>,   \
        Dequantise<S>::each_block<32, 22, Dequantise<S>::q5_0_block>,   \
        Dequantise<S>::each_block<32, 24, Dequantise<S>::q5_1_block>,   \
        Dequantise<S>::each_block<32, 34, Dequantise<S>::q8_0_block>,   \
        Dequantise<S>::each_block<256, 144, Dequantise<S>::q4_k_block>, \
        Dequantise<S>::each_block<256, 176, Dequantise<S>::q5_k_block>, \
        Dequantise<S>::each_block<256, 210, Dequantise<S>::q6_k_block>  \
  }

}  // namespace conceptune::kernels
