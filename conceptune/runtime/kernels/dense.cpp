#include "conceptune/runtime/kernels/dense.h"

#include <cassert>
#include <cstdint>

#include "conceptune/runtime/kernels/dense_versions.h"
#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {
namespace {

const DenseTable& table_of(Isa isa) {
  return version_for(isa, plain::kDense, avx2::kDense, avx512::kDense, avx512::kDense);
}

struct Shape {
  std::size_t outputs, pieces, inputs;
  std::size_t groups() const { return (outputs + kDenseGroup - 1) / kDenseGroup; }
};

/// From [output][piece][input] to [group][input][piece][lane], missing outputs 0.
DenseBuffer pack_weights(std::span<const float> weight_OPI, const Shape& shape) {
  DenseBuffer packed(shape.groups() * shape.inputs * shape.pieces * kDenseGroup);
  for (std::size_t o = 0; o < shape.outputs; ++o)
    for (std::size_t p = 0; p < shape.pieces; ++p)
      for (std::size_t i = 0; i < shape.inputs; ++i)
        packed.data()[((o / kDenseGroup * shape.inputs + i) * shape.pieces + p) * kDenseGroup +
                      o % kDenseGroup] = weight_OPI[(o * shape.pieces + p) * shape.inputs + i];
  return packed;
}

DenseBuffer pack_bias(std::span<const float> bias_OP, std::size_t outputs, std::size_t pieces) {
  const Shape as_weight{outputs, pieces, 1};
  if (bias_OP.empty()) return DenseBuffer(as_weight.groups() * pieces * kDenseGroup);
  return pack_weights(bias_OP, as_weight);
}

}  // namespace

DenseBuffer::DenseBuffer(std::size_t size) : storage_(size + kDenseGroup) {}

float* DenseBuffer::aligned() {
  constexpr std::uintptr_t kAlignment = kDenseGroup * sizeof(float);
  const auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
  return storage_.data() + (kAlignment - address % kAlignment) % kAlignment / sizeof(float);
}

LinearLayer::LinearLayer(std::span<const float> weight_OI, std::span<const float> bias_O, std::size_t outputs,
                         Isa isa)
    : inputs_(weight_OI.size() / outputs),
      outputs_(outputs),
      groups_(Shape{outputs, 1, 0}.groups()),
      isa_(isa),
      packed_(pack_weights(weight_OI, {outputs, 1, inputs_})),
      bias_(pack_bias(bias_O, outputs, 1)) {
  assert(inputs_ * outputs == weight_OI.size() && (bias_O.empty() || bias_O.size() == outputs));
}

void LinearLayer::run(const float* input, std::size_t input_stride, std::size_t rows, float* output) const {
  table_of(isa_).linear({packed_.data(), bias_.data(), inputs_, groups_}, {input, input_stride, rows},
                        output);
}

MaxoutNormLayer::MaxoutNormLayer(std::span<const float> weight_OPI, std::span<const float> bias_OP,
                                 std::span<const float> gain_O, std::span<const float> shift_O, Isa isa)
    : inputs_(weight_OPI.size() / bias_OP.size()),
      outputs_(gain_O.size()),
      isa_(isa),
      packed_(pack_weights(weight_OPI, {outputs_, kPieces, inputs_})),
      bias_(pack_bias(bias_OP, outputs_, kPieces)),
      gain_(gain_O.begin(), gain_O.end()),
      shift_(shift_O.begin(), shift_O.end()) {
  assert(outputs_ % kDenseGroup == 0 && bias_OP.size() == outputs_ * kPieces && shift_O.size() == outputs_ &&
         weight_OPI.size() == outputs_ * kPieces * inputs_);
}

void MaxoutNormLayer::run(const float* input, std::size_t input_stride, const float* residual,
                          std::size_t rows, float* output) const {
  table_of(isa_).maxout_norm({packed_.data(), bias_.data(), inputs_, outputs_ / kDenseGroup},
                             {gain_.data(), shift_.data()}, {input, input_stride, rows}, residual, output);
}

}  // namespace conceptune::kernels
