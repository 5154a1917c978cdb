// The dense layers, written once on the compiler's vector types; each version gives the number of lanes of
// its registers and the rows of a tile, and is compiled with its own instruction set. Everything here is a
// template over the version, so that no code for one processor can be linked into another's.
#pragma once

#include "conceptune/runtime/kernels/dense.h"
#include "conceptune/runtime/kernels/dense_versions.h"

namespace conceptune::kernels {

template <class Version>
struct DenseKernels {
  using Vector = typename Version::Vector;
  static constexpr int kLanes = sizeof(Vector) / sizeof(float);
  static constexpr int kParts = static_cast<int>(kDenseGroup) / kLanes;  // registers per group of outputs

  static const Vector& load(const float* p) { return *reinterpret_cast<const Vector*>(p); }
  static void store(float* p, Vector v) { *reinterpret_cast<Vector*>(p) = v; }

  /// Products of Rows input rows with the Pieces registers of one part of a group.
  template <int Rows, int Pieces>
  struct Tile {
    Vector sum[Rows][Pieces];

    [[gnu::always_inline]] inline void multiply(const float* packed, const float* bias, std::size_t inputs,
                                                const float* input, std::size_t stride) {
      for (int r = 0; r < Rows; ++r)
        for (int p = 0; p < Pieces; ++p) sum[r][p] = Vector{};
      for (std::size_t i = 0; i < inputs; ++i) {
        const float* weights = packed + i * Pieces * kDenseGroup;
        Vector weight[Pieces];
        for (int p = 0; p < Pieces; ++p) weight[p] = load(weights + p * kDenseGroup);
        for (int r = 0; r < Rows; ++r) {
          const float x = input[r * stride + i];
          for (int p = 0; p < Pieces; ++p) sum[r][p] += weight[p] * x;
        }
      }
      for (int r = 0; r < Rows; ++r)
        for (int p = 0; p < Pieces; ++p) sum[r][p] += load(bias + p * kDenseGroup);
    }
  };

  template <int Rows>
  static void linear_rows(const DenseWeights& w, const float* input, std::size_t stride, float* output) {
    for (std::size_t g = 0; g < w.groups; ++g) {
      for (std::size_t part = 0; part < kParts; ++part) {
        const std::size_t lane = part * kLanes;
        Tile<Rows, 1> tile;
        tile.multiply(w.packed + g * w.inputs * kDenseGroup + lane, w.bias + g * kDenseGroup + lane, w.inputs,
                      input, stride);
        for (int r = 0; r < Rows; ++r)
          store(output + (r * w.groups + g) * kDenseGroup + lane, tile.sum[r][0]);
      }
    }
  }

  static void linear(const DenseWeights& w, const DenseRows& rows, float* output) {
    constexpr int kRows = Version::kLinearRows;
    std::size_t r = 0;
    for (; r + kRows <= rows.count; r += kRows)
      linear_rows<kRows>(w, rows.input + r * rows.stride, rows.stride, output + r * w.groups * kDenseGroup);
    for (; r < rows.count; ++r)
      linear_rows<1>(w, rows.input + r * rows.stride, rows.stride, output + r * w.groups * kDenseGroup);
  }

  static Vector maximum(Vector a, Vector b) { return a > b ? a : b; }

  /// Sum of term(0) … term(size − 1), in the order of numpy's reductions over up to 128 numbers.
  template <class Term>
  static float total(std::size_t size, const Term& term) {
    constexpr std::size_t kPartial = 8;
    float sums[kPartial] = {};
    for (std::size_t o = 0; o < size; o += kPartial)
      for (std::size_t i = 0; i < kPartial; ++i) sums[i] += term(o + i);
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }

  /// Normalises `row` in place, which holds the maxima, and adds the residual.
  static void normalise(const NormWeights& norm, std::size_t size, const float* residual, float* row) {
    constexpr float kEpsilon = 1e-8F;
    const auto count = static_cast<float>(size);
    const float mean = total(size, [&](std::size_t o) { return row[o]; }) / count;
    const float variance =
        total(size, [&](std::size_t o) { return (row[o] - mean) * (row[o] - mean); }) / count;
    // The builtin, since std::sqrt is an inline function that the linker could give to the whole program.
    const float scale = 1.0F / __builtin_sqrtf(variance + kEpsilon);
    for (std::size_t o = 0; o < size; o += kLanes) {
      Vector y = (load(row + o) - mean) * scale * load(norm.gain + o) + load(norm.shift + o);
      if (residual != nullptr) y += load(residual + o);
      store(row + o, y);
    }
  }

  template <int Rows>
  static void maxout_rows(const DenseWeights& w, const float* input, std::size_t stride, float* output) {
    constexpr int kPieces = static_cast<int>(MaxoutNormLayer::kPieces);
    for (std::size_t g = 0; g < w.groups; ++g) {
      for (std::size_t part = 0; part < kParts; ++part) {
        const std::size_t lane = part * kLanes;
        Tile<Rows, kPieces> tile;
        tile.multiply(w.packed + g * w.inputs * kPieces * kDenseGroup + lane,
                      w.bias + g * kPieces * kDenseGroup + lane, w.inputs, input, stride);
        for (int r = 0; r < Rows; ++r)
          store(output + (r * w.groups + g) * kDenseGroup + lane,
                maximum(tile.sum[r][0], maximum(tile.sum[r][1], tile.sum[r][2])));
      }
    }
  }

  static void maxout_norm(const DenseWeights& w, const NormWeights& norm, const DenseRows& rows,
                          const float* residual, float* output) {
    constexpr int kRows = Version::kMaxoutRows;
    const std::size_t outputs = w.groups * kDenseGroup;
    for (std::size_t r = 0; r < rows.count;) {
      const std::size_t tile = r + kRows <= rows.count ? kRows : 1;
      const float* input = rows.input + r * rows.stride;
      if (tile == kRows)
        maxout_rows<kRows>(w, input, rows.stride, output + r * outputs);
      else
        maxout_rows<1>(w, input, rows.stride, output + r * outputs);
      for (const std::size_t end = r + tile; r < end; ++r)
        normalise(norm, outputs, residual == nullptr ? nullptr : residual + r * outputs,
                  output + r * outputs);
    }
  }

  static constexpr DenseTable kTable = {linear, maxout_norm};
};

}  // namespace conceptune::kernels
