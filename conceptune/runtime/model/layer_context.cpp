#include "conceptune/runtime/model/layer_context.h"

#include <algorithm>

namespace conceptune::model {

LayerContext::LayerContext(const LayerPass& pass, std::int64_t index, LayerWorkspace& workspace)
    : pass_(pass), index_(index), workspace_(workspace), weights_(pass.weights->layer(index)) {
  for (const Projection projection : kProjections)
    linears_.emplace_back(weights_, pass.adapter, index, projection, pass.dropout);
}

void LayerContext::for_each_slice(const std::function<void(const Slice&)>& work) const {
  model::for_each_slice(tokens(), config().mlp_width, work);
}

RowNorm LayerContext::norm(const Matrix& weight) const {
  return {weight.values(), weight.width(), static_cast<float>(config().norm_epsilon)};
}

bool LayerContext::rounds() const { return pass_.weights->products() == ProductType::bfloat16; }

bool LayerContext::adapts_any(std::initializer_list<Projection> projections) const {
  return std::any_of(projections.begin(), projections.end(),
                     [&](Projection projection) { return linear(projection).adapter_size() > 0; });
}

Rows LayerContext::rows_in(RowMemory& memory, std::int64_t rows, std::int64_t width,
                           bool also_float32) const {
  return {rounds() && !also_float32 ? nullptr : memory.numbers.take(rows * width),
          rounded_in(memory, rows * width)};
}

kernels::Bf16* LayerContext::rounded_in(RowMemory& memory, std::int64_t size) const {
  return rounds() ? memory.rounded.take(size) : nullptr;
}

float* LayerContext::rows_for_adapters(std::initializer_list<Projection> readers, RowMemory& memory,
                                       std::int64_t size) const {
  return adapts_any(readers) ? memory.numbers.take(size) : nullptr;
}

std::int64_t LayerContext::adapter_size() const {
  std::int64_t size = 0;
  for (const AdaptedLinear& linear : linears_) size += linear.adapter_size();
  return size;
}

ProjectionGradient LayerContext::gradient_of(Projection projection, const Rows& d_y, float* d_adapter) const {
  for (int i = 0; i < static_cast<int>(projection); ++i) d_adapter += linears_[i].adapter_size();
  return {&linear(projection), d_y.numbers, d_adapter, d_y.rounded};
}

}  // namespace conceptune::model
