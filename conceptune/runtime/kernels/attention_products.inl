// The small matrix products of attention, over the type of the products: float32 here, bfloat16 in
// attention_bf16.inl. The including file defines CONCEPTUNE_ISA_NAMESPACE, CONCEPTUNE_LANES (floats a vector)
// and CONCEPTUNE_TILE_VECTORS (vectors across a tile: what the registers hold beside kTileRows rows of them).
//
// Operands consist of units, each in the place of a float32: one number, or two that are neighbours along the
// product's inner dimension, rounded to bfloat16.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

constexpr std::int64_t kBlock = 64;
constexpr int kLanes = CONCEPTUNE_LANES, kTileRows = 4, kTileVectors = CONCEPTUNE_TILE_VECTORS;
typedef float Vector __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

using Lanes = std::make_integer_sequence<int, kLanes>;

/// Lane e of what the lane e ^ kDistance holds.
template <int kDistance, int... kLane>
Vector lanes_apart(const Vector& lanes, std::integer_sequence<int, kLane...>) {
  return __builtin_shufflevector(lanes, lanes, (kLane ^ kDistance)...);
}

/// Each lane combined with the one kDistance away, then nearer ones: all lanes hold the result.
template <int kDistance = kLanes / 2, class Combine>
Vector combine_lanes(Vector lanes, const Combine& combine) {
  lanes = combine(lanes, lanes_apart<kDistance>(lanes, Lanes()));
  if constexpr (kDistance > 1) return combine_lanes<kDistance / 2>(lanes, combine);
  return lanes;
}

float total(const Vector& lanes) {
  return combine_lanes(lanes, [](const Vector& a, const Vector& b) { return Vector(a + b); })[0];
}

float largest_of(const Vector& lanes) {
  return combine_lanes(lanes, [](const Vector& a, const Vector& b) { return Vector(a > b ? a : b); })[0];
}

const Vector& vector_at(const float* values) { return *reinterpret_cast<const Vector*>(values); }
Vector& vector_at(float* values) { return *reinterpret_cast<Vector*>(values); }

float dot(const float* a, const float* b, std::int64_t count) {
  Vector sums = {};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) sums += vector_at(a + i) * vector_at(b + i);
  float sum = total(sums);
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

/// A left operand: unit u of row r lies at units[r · row + u · unit].
struct Left {
  const float* units;
  std::int64_t row, unit;

  Left from(std::int64_t first_row, std::int64_t first_unit) const {
    return {units + first_row * row + first_unit * unit, row, unit};
  }
};

/// A right operand: unit u of column c lies at units[u · unit + c].
struct Right {
  const float* units;
  std::int64_t unit;

  Right from(std::int64_t first_unit) const { return {units + first_unit * unit, unit}; }
  /// Its columns as the rows of a left operand.
  Left transposed() const { return {units, 1, unit}; }
};

/// Products of float32 numbers, which are read where they lie.
struct Float32Products {
  static constexpr std::int64_t kNumbers = 1;  // of a unit

  static void add_product(Vector& sum, float a, const Vector& b) { sum += a * b; }
  static void add_product(float& sum, float a, const float& b) { sum += a * b; }
  /// Floats that the copies below take.
  static constexpr std::int64_t along_size(std::int64_t, std::int64_t) { return 0; }
  static constexpr std::int64_t across_size(std::int64_t, std::int64_t) { return 0; }
  /// A matrix whose columns are a product's inner dimension.
  static Left along(const float* from, std::int64_t stride, std::int64_t, std::int64_t, float*) {
    return {from, stride, 1};
  }
  /// A matrix whose rows are a product's inner dimension.
  static Right across(const float* from, std::int64_t stride, std::int64_t, std::int64_t, float*) {
    return {from, stride};
  }
};

template <class Products>
constexpr std::int64_t units_of(std::int64_t numbers) {
  return (numbers + Products::kNumbers - 1) / Products::kNumbers;
}

/// c = a b, or c += it, for kRows rows and kVectors vectors of columns, all sums in registers.
template <class Products, bool kAdd, int kRows, int kVectors>
void multiply_tile(std::int64_t units, const Left& a, const Right& b, float* c, std::int64_t c_stride) {
  Vector sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r)
    for (std::int64_t v = 0; v < kVectors; ++v)
      sums[r][v] = kAdd ? vector_at(c + r * c_stride + v * kLanes) : Vector{};
  for (std::int64_t u = 0; u < units; ++u) {
    Vector b_u[kVectors];
    for (std::int64_t v = 0; v < kVectors; ++v) b_u[v] = vector_at(b.units + u * b.unit + v * kLanes);
    for (int r = 0; r < kRows; ++r)
      for (int v = 0; v < kVectors; ++v)
        Products::add_product(sums[r][v], a.units[r * a.row + u * a.unit], b_u[v]);
  }
  for (int r = 0; r < kRows; ++r)
    for (std::int64_t v = 0; v < kVectors; ++v) vector_at(c + r * c_stride + v * kLanes) = sums[r][v];
}

/// Columns from `column` on as long as they fill kVectors vectors, then fewer.
template <class Products, bool kAdd, int kVectors>
void multiply_vectors(std::int64_t rows, std::int64_t column, std::int64_t columns, std::int64_t units,
                      const Left& a, const Right& b, float* c, std::int64_t c_stride) {
  constexpr int kWidth = kVectors * kLanes;
  for (; column + kWidth <= columns; column += kWidth) {
    const Right b_tile = {b.units + column, b.unit};
    std::int64_t row = 0;
    for (; row + kTileRows <= rows; row += kTileRows)
      multiply_tile<Products, kAdd, kTileRows, kVectors>(units, a.from(row, 0), b_tile,
                                                         c + row * c_stride + column, c_stride);
    for (; row < rows; ++row)
      multiply_tile<Products, kAdd, 1, kVectors>(units, a.from(row, 0), b_tile, c + row * c_stride + column,
                                                 c_stride);
  }
  if constexpr (kVectors > 1)
    multiply_vectors<Products, kAdd, kVectors - 1>(rows, column, columns, units, a, b, c, c_stride);
}

/// c = a b, or c += it, with a of `rows` rows, b of `columns` columns and `units` between them.
template <class Products, bool kAdd>
void multiply(std::int64_t rows, std::int64_t columns, std::int64_t units, const Left& a, const Right& b,
              float* c, std::int64_t c_stride) {
  multiply_vectors<Products, kAdd, kTileVectors>(rows, 0, columns, units, a, b, c, c_stride);
  const std::int64_t rest = columns / kLanes * kLanes;
  for (std::int64_t row = 0; rest < columns && row < rows; ++row) {
    float* const c_row = c + row * c_stride;
    if (!kAdd) std::fill(c_row + rest, c_row + columns, 0.0F);
    for (std::int64_t u = 0; u < units; ++u)
      for (std::int64_t j = rest; j < columns; ++j)
        Products::add_product(c_row[j], a.units[row * a.row + u * a.unit], b.units[u * b.unit + j]);
  }
}

/// Exchanges, between rows kDistance apart, what lies on the wrong side of the diagonal at that distance.
template <int kDistance, int... kLane>
[[gnu::always_inline]] inline void exchange(Vector (&rows)[kLanes], std::integer_sequence<int, kLane...>) {
  for (int i = 0; i < kLanes; ++i) {
    if ((i & kDistance) != 0) continue;
    const Vector a = rows[i], b = rows[i + kDistance];
    rows[i] =
        __builtin_shufflevector(a, b, ((kLane & kDistance) != 0 ? kLanes + kLane - kDistance : kLane)...);
    rows[i + kDistance] =
        __builtin_shufflevector(a, b, ((kLane & kDistance) != 0 ? kLanes + kLane : kLane + kDistance)...);
  }
}

/// Transposes a square of kLanes × kLanes in registers (Eklundh, 1972).
template <int kDistance = kLanes / 2>
[[gnu::always_inline]] inline void transpose_square(Vector (&rows)[kLanes]) {
  exchange<kDistance>(rows, Lanes());
  if constexpr (kDistance > 1) transpose_square<kDistance / 2>(rows);
}

/// The first kLanes numbers of each row of `to`, whose rows lie `to_row` apart, = a column of `from` (rows ×
/// columns, rows ≤ kLanes) and zeros. Moves units, whatever they hold.
void transpose_rows(const Left& from, std::int64_t rows, std::int64_t columns, float* to,
                    std::int64_t to_row) {
  std::int64_t column = 0;
  for (; column + kLanes <= columns; column += kLanes) {
    Vector square[kLanes];
    for (std::int64_t r = 0; r < kLanes; ++r)
      square[r] = r < rows ? vector_at(from.units + r * from.row + column) : Vector{};
    transpose_square(square);
    for (std::int64_t c = 0; c < kLanes; ++c) vector_at(to + (column + c) * to_row) = square[c];
  }
  for (; column < columns; ++column)
    for (std::int64_t r = 0; r < kLanes; ++r)
      to[column * to_row + r] = r < rows ? from.units[r * from.row + column] : 0.0F;
}

/// to (columns × kBlock) = the transpose of `from` (rows × columns, rows ≤ kBlock), the rest of each row 0.
void transpose_block(const Left& from, std::int64_t rows, std::int64_t columns, float* to) {
  for (std::int64_t row = 0; row < kBlock; row += kLanes)
    transpose_rows(from.from(row, 0), std::clamp<std::int64_t>(rows - row, 0, kLanes), columns, to + row,
                   kBlock);
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
