// Small dense layers in float32 for networks of a few hundred units: weights are packed once, inputs are rows
// of any stride (so that a window over neighbouring rows is a view). Each output sums its inputs in order,
// fused where the processor can, and then the bias, as reference implementations do: close decisions fall
// like theirs.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// Outputs are computed in groups of this many; output rows are padded to a multiple of it.
inline constexpr std::size_t kDenseGroup = 16;

/// Numbers aligned for the kernels.
class DenseBuffer {
 public:
  DenseBuffer() = default;
  explicit DenseBuffer(std::size_t size);
  DenseBuffer(DenseBuffer&&) = default;  // a copy would lie at another alignment
  DenseBuffer& operator=(DenseBuffer&&) = default;

  float* data() { return aligned(); }
  const float* data() const { return const_cast<DenseBuffer*>(this)->aligned(); }

 private:
  float* aligned();
  std::vector<float> storage_;
};

/// y = W x + b.
class LinearLayer {
 public:
  /// weight_OI row-major; bias_O empty or as long as the outputs. outputs * inputs == weight_OI.size().
  LinearLayer(std::span<const float> weight_OI, std::span<const float> bias_O, std::size_t outputs,
              Isa isa = active_isa());

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  /// Floats between the rows of the result: outputs() rounded up to kDenseGroup; the excess comes out as 0.
  std::size_t output_stride() const { return groups_ * kDenseGroup; }

  /// `rows` inputs, `input_stride` floats apart; output rows are output_stride() apart.
  void run(const float* input, std::size_t input_stride, std::size_t rows, float* output) const;

 private:
  std::size_t inputs_, outputs_, groups_;
  Isa isa_;
  DenseBuffer packed_;
  DenseBuffer bias_;
};

/// Maxout over three pieces, then layer normalisation (thinc's Maxout with LayerNorm):
/// m[o] = max over p of (W[o,p] x + b[o,p]); y = (m − mean) / sqrt(variance + 1e-8) · gain + shift.
class MaxoutNormLayer {
 public:
  static constexpr std::size_t kPieces = 3;

  /// weight_OPI row-major, bias_OP, gain_O, shift_O. Outputs are a multiple of kDenseGroup.
  MaxoutNormLayer(std::span<const float> weight_OPI, std::span<const float> bias_OP,
                  std::span<const float> gain_O, std::span<const float> shift_O, Isa isa = active_isa());

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }

  /// output = y, plus the row of `residual` unless that is null; rows of residual and output are outputs()
  /// apart. output must not overlap input or residual.
  void run(const float* input, std::size_t input_stride, const float* residual, std::size_t rows,
           float* output) const;

 private:
  std::size_t inputs_, outputs_;
  Isa isa_;
  DenseBuffer packed_;
  DenseBuffer bias_;
  std::vector<float> gain_, shift_;
};

}  // namespace conceptune::kernels
