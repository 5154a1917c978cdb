#include "conceptune/runtime/model/decoder.h"

#include <numeric>

#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/dropout.h"
#include "conceptune/runtime/model/fused_layer.h"
#include "conceptune/runtime/model/plain_ops.h"
#include "conceptune/runtime/model/tensor_handles.h"

namespace conceptune::model {

namespace {

std::vector<std::int64_t> longest_first(const PackedBatch& batch) {
  std::vector<std::int64_t> order(batch.sequences());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return batch.length(a) > batch.length(b); });
  return order;
}

}  // namespace

/// One forward pass: what all its layers share.
class Decoder::Pass {
 public:
  Pass(const Decoder& decoder, const PackedBatch& batch, const LoraAdapter* adapter,
       const ForwardOptions& options)
      : decoder_(decoder), config_(decoder.config_), batch_(batch), adapter_(adapter), options_(options) {
    const auto positions = options.memory ? options.memory->positions(batch) : batch.positions();
    visibility_ = batch.visibility();
    rotation_ = rotation_at(decoder.frequencies_, positions, decoder.weights_.device());
    if (decoder.runs_fused()) prepare_fused();
  }

  at::Tensor embeddings_ND() const {
    const at::Tensor tokens_N =
        at::from_blob(const_cast<std::int32_t*>(batch_.tokens.data()), {batch_.size()}, at::kInt);
    const at::ScalarType type = fused_ ? at::kFloat : decoder_.weights_.type();
    return decoder_.weights_.embedding_VD().rows(tokens_N, type).to(decoder_.weights_.device());
  }

  /// One layer: x + attention(norm(x)), then + mlp(norm(·)).
  at::Tensor layer(std::int64_t index, const at::Tensor& hidden_ND) const {
    if (fused_) return fused_layer(fused_, index, hidden_ND);
    const LayerWeights& layer = decoder_.weights_.layer(index);
    const at::Tensor attention_in_ND = norm(hidden_ND, layer.attention_norm_D);
    const at::Tensor middle_ND = hidden_ND + attention(index, layer, attention_in_ND);
    return middle_ND + mlp(index, layer, norm(middle_ND, layer.mlp_norm_D));
  }

  at::Tensor final_norm(const at::Tensor& hidden_ND) const {
    return norm(hidden_ND, decoder_.weights_.final_norm_D());
  }

 private:
  void prepare_fused() {
    const double dropout = options_.training && adapter_ ? adapter_->options().dropout : 0;
    fused_ = std::make_shared<FusedPass>(FusedPass{&config_,
                                                   &decoder_.weights_,
                                                   adapter_,
                                                   batch_,
                                                   rotation_,
                                                   {dropout, options_.dropout_seed},
                                                   options_.recompute,
                                                   options_.memory,
                                                   visibility_,
                                                   decoder_.pool_,
                                                   longest_first(batch_)});
  }

  at::Tensor norm(const at::Tensor& x_ND, const at::Tensor& weight_D) const {
    return plain::rms_norm(x_ND, weight_D, config_.norm_epsilon).to(x_ND.scalar_type());
  }

  /// y = x Wᵀ + bias + s · (dropout(x) Aᵀ) Bᵀ.
  at::Tensor project(std::int64_t index, const LayerWeights& layer, Projection projection,
                     const at::Tensor& x_NI) const {
    at::Tensor y_NO = at::linear(x_NI, layer.matrix(projection).whole(x_NI.scalar_type()).to(x_NI.device()));
    if (layer.bias(projection).defined()) y_NO = y_NO + layer.bias(projection).to(x_NI.scalar_type());
    const LoraPair* pair = adapter_ ? adapter_->find(index, projection) : nullptr;
    if (!pair) return y_NO;
    at::Tensor kept_NI = x_NI.to(at::kFloat);
    if (options_.training && adapter_->options().dropout > 0)
      kept_NI = kept_NI * dropout_mask({options_.dropout_seed, index, projection},
                                       adapter_->options().dropout, kept_NI.size(0), kept_NI.size(1))
                              .to(kept_NI.device());
    const at::Tensor change_NO = at::linear(at::linear(kept_NI, pair->a_RI), pair->b_OR);
    return y_NO + (adapter_->scaling(*pair) * change_NO).to(y_NO.scalar_type());
  }

  at::Tensor heads(const at::Tensor& x_NO, std::int64_t count, const at::Tensor& norm_K) const {
    const at::Tensor x_NHK = x_NO.view({x_NO.size(0), count, config_.head_size});
    return norm_K.defined() ? norm(x_NHK, norm_K) : x_NHK;
  }

  at::Tensor attention(std::int64_t index, const LayerWeights& layer, const at::Tensor& x_ND) const {
    const auto q_NHK = plain::rotate(
        heads(project(index, layer, Projection::q, x_ND), config_.heads, layer.q_norm_K), rotation_);
    const auto k_NGK = plain::rotate(
        heads(project(index, layer, Projection::k, x_ND), config_.kv_heads, layer.k_norm_K), rotation_);
    const auto v_NGK = heads(project(index, layer, Projection::v, x_ND), config_.kv_heads, {});
    const at::Tensor attended_NHK =
        options_.memory ? options_.memory->attend(index, batch_, q_NHK, k_NGK, v_NGK)
                        : plain::causal_attention(q_NHK, k_NGK, v_NGK, batch_.starts, visibility_);
    return project(index, layer, Projection::o, attended_NHK.reshape({x_ND.size(0), -1}));
  }

  at::Tensor mlp(std::int64_t index, const LayerWeights& layer, const at::Tensor& x_ND) const {
    const at::Tensor product_NF = plain::swiglu(project(index, layer, Projection::gate, x_ND),
                                                project(index, layer, Projection::up, x_ND));
    return project(index, layer, Projection::down, product_NF);
  }

  const Decoder& decoder_;
  const weights::ModelConfig& config_;
  const PackedBatch& batch_;
  const LoraAdapter* adapter_;
  const ForwardOptions& options_;
  Rotation rotation_;
  Visibility visibility_;
  std::shared_ptr<const FusedPass> fused_;  // null where the plain operations run
};

namespace {

/// Matrices as the files hold them: over the mapped bytes where products can read these, else expanded from
/// them.
FrozenMatrix stored_matrix(const std::shared_ptr<const weights::WeightStore>& store, std::string_view name) {
  if (at::Tensor mapped = store->mapped(name); mapped.defined()) return mapped;
  const weights::TensorInfo& info = store->info(name);
  const auto expand = [store, &info](const weights::MatrixBlock& block, auto* numbers) {
    store->expand_block(info, block, numbers);
  };
  return {info.shape[0],
          info.shape[1],
          static_cast<std::int64_t>(kernels::layout_of(info.type).values),
          {expand, expand}};
}

}  // namespace

Decoder::Decoder(std::shared_ptr<const weights::WeightStore> store, const DecoderOptions& options)
    : Decoder(store->config(),
              {[store](std::string_view name, at::ScalarType type) { return store->load(name, type); },
               [store](std::string_view name) { return stored_matrix(store, name); }},
              options) {}

Decoder::Decoder(const weights::ModelConfig& config, TensorLoader load, const DecoderOptions& options)
    : Decoder(config, TensorSource{std::move(load)}, options) {}

Decoder::Decoder(const weights::ModelConfig& config, TensorSource source, const DecoderOptions& options)
    : config_(config),
      options_(options),
      weights_(config, std::move(source), options),
      frequencies_(rope_frequencies(config)) {
  threads();  // sets the count on first use: torch would start with one thread
}

at::Tensor Decoder::forward(const PackedBatch& batch, const LoraAdapter* adapter,
                            const ForwardOptions& options) const {
  check_batch(batch, config_.vocabulary);
  const Pass pass(*this, batch, adapter, options);
  const bool all = options.layers < 0 || options.layers >= config_.layers;
  at::Tensor hidden_ND = pass.embeddings_ND();
  for (std::int64_t i = 0; i < (all ? config_.layers : options.layers); ++i)
    hidden_ND = pass.layer(i, hidden_ND);
  return all ? pass.final_norm(hidden_ND) : hidden_ND;
}

std::vector<at::Tensor> Decoder::hidden_states(const PackedBatch& batch, const LoraAdapter* adapter) const {
  check_batch(batch, config_.vocabulary);
  const ForwardOptions options;
  const Pass pass(*this, batch, adapter, options);
  std::vector<at::Tensor> states = {pass.embeddings_ND()};
  for (std::int64_t i = 0; i < config_.layers; ++i) states.push_back(pass.layer(i, states.back()));
  states.back() = pass.final_norm(states.back());
  return states;
}

at::Tensor Decoder::project(const at::Tensor& hidden_MD) const {
  const at::Tensor rows_MD = hidden_MD.to(runs_fused() ? at::kFloat : weights_.type());
  if (!runs_fused() || (at::GradMode::is_enabled() && rows_MD.requires_grad()))
    return head().forward(rows_MD).to(at::kFloat);
  at::Tensor logits_MV = tensor_over(pool_.matrix(rows_MD.size(0), head().out()));
  head().forward_into(rows_MD, logits_MV);
  return logits_MV;
}

bool Decoder::runs_fused() const { return options_.fused && can_fuse(weights_); }

}  // namespace conceptune::model
