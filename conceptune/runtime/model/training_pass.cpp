#include "conceptune/runtime/model/training_pass.h"

#include <algorithm>
#include <utility>

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {
namespace {

DropoutPlan dropout_of(const LoraAdapter& adapter, const TrainingPassOptions& options) {
  return {options.dropout_seed ? adapter.options().dropout : 0, options.dropout_seed.value_or(0)};
}

bool adapts(const LoraAdapter& adapter, std::int64_t layer) {
  return std::any_of(kProjections.begin(), kProjections.end(),
                     [&](Projection projection) { return adapter.find(layer, projection) != nullptr; });
}

std::int64_t first_adapted_layer(const LoraAdapter& adapter) {
  std::int64_t layer = 0;
  while (layer < adapter.layers() && !adapts(adapter, layer)) ++layer;
  return layer;
}

}  // namespace

TrainingPass::TrainingPass(const Decoder& decoder, const PackedBatch& batch, const LoraAdapter& adapter,
                           const TrainingPassOptions& options)
    : decoder_(decoder),
      adapter_(adapter),
      recompute_(options.recompute),
      pass_((check_batch(batch, decoder.config().vocabulary),
             decoder.make_pass(batch, &adapter, dropout_of(adapter, options), nullptr))),
      first_adapted_(first_adapted_layer(adapter)),
      activations_(decoder.config().layers) {
  const kernels::SingleThreadedBlas single_threaded;
  Matrix hidden_ND = decoder.embeddings(batch);
  for (std::int64_t i = 0; i < decoder.config().layers; ++i) {
    LayerActivations& activations = activations_[static_cast<std::size_t>(i)];
    activations.attention.in_ND = std::move(hidden_ND);
    hidden_ND = DecoderLayer(pass_, i, workspace_of_thread()).forward(activations);
    if (i < first_adapted_)
      activations = {};
    else if (recompute_)
      activations.drop_recomputable();
  }
  last_ND_ = std::move(hidden_ND);
  last_scale_N_ = Matrix(last_ND_.rows(), 1);
  hidden_ND_ = decoder.normed(last_ND_, last_scale_N_);
}

std::int64_t TrainingPass::first_value_of(std::int64_t layer) const {
  std::int64_t values = 0;
  for (std::int64_t before = 0; before < layer; ++before)
    for (const Projection projection : kProjections)
      if (const LoraPair* pair = adapter_.find(before, projection))
        values += pair->a_RI.size() + pair->b_OR.size();
  return values;
}

Matrix TrainingPass::norm_backward(const Matrix& d_hidden_ND) const {
  Matrix d_last_ND(last_ND_.rows(), last_ND_.width());
  share_rows(last_ND_.rows(), last_ND_.width(), [&](std::int64_t begin, std::int64_t count) {
    std::fill_n(d_last_ND.row(begin), count * d_last_ND.width(), 0.0F);
    decoder_.final_norm().backward(d_hidden_ND.values(), last_ND_.values(), last_scale_N_.values(), begin,
                                   count, d_last_ND.values());
  });
  return d_last_ND;
}

Matrix TrainingPass::layer_backward(std::int64_t index, const Matrix& d_out_ND, std::span<float> gradient) {
  LayerActivations activations = std::exchange(activations_[static_cast<std::size_t>(index)], {});
  const DecoderLayer layer(pass_, index, workspace_of_thread());
  if (recompute_) layer.recompute(activations);
  // A layer's part is summed up by itself, so that how batches are accumulated does not change its bits.
  std::vector<float> d_adapter(static_cast<std::size_t>(layer.adapter_size()));
  Matrix d_in_ND = layer.backward(activations, d_out_ND.values(), index > first_adapted_, d_adapter.data());
  const auto part = gradient.subspan(static_cast<std::size_t>(first_value_of(index)), d_adapter.size());
  std::transform(part.begin(), part.end(), d_adapter.begin(), part.begin(), std::plus<>());
  return d_in_ND;
}

void TrainingPass::backward(const Matrix& d_hidden_ND, std::span<float> gradient) {
  const kernels::SingleThreadedBlas single_threaded;
  Matrix d_out_ND = norm_backward(d_hidden_ND);
  for (std::int64_t i = decoder_.config().layers - 1; i >= first_adapted_; --i)
    d_out_ND = layer_backward(i, d_out_ND, gradient);
}

}  // namespace conceptune::model
