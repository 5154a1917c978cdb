#include "conceptune/guest/torch_decoder.h"

#include <fmt/format.h>

#include "conceptune/guest/device.h"
#include "conceptune/guest/tensor_handles.h"
#include "conceptune/runtime/model/dropout.h"
#include "conceptune/runtime/model/rope.h"
#include "conceptune/runtime/weights/family_table.h"

namespace conceptune::guest {

using model::Projection;

TorchAdapter::TorchAdapter(const model::LoraAdapter& adapter, const at::Device& device, bool needs_gradient)
    : layers_(adapter.layers()), dropout_(adapter.options().dropout) {
  const auto on_device = [&](const model::Matrix& matrix) {
    return tensor_over(matrix).clone().to(device).set_requires_grad(needs_gradient);
  };
  for (std::int64_t layer = 0; layer < adapter.layers(); ++layer)
    for (const Projection projection : model::kProjections)
      if (const model::LoraPair* pair = adapter.find(layer, projection))
        layers_[layer][projection] = {on_device(pair->a_RI), on_device(pair->b_OR), adapter.scaling(*pair)};
}

const TorchAdapter::Pair* TorchAdapter::find(std::int64_t layer, Projection projection) const {
  const auto found = layers_[layer].find(projection);
  return found == layers_[layer].end() ? nullptr : &found->second;
}

std::vector<at::Tensor> TorchAdapter::matrices() const {
  std::vector<at::Tensor> matrices;
  for (const auto& layer : layers_)
    for (const auto& [projection, pair] : layer) matrices.insert(matrices.end(), {pair.a_RI, pair.b_OR});
  return matrices;
}

/// What the layers of one pass share.
struct TorchDecoder::Pass {
  const model::PackedBatch& batch;
  const TorchAdapter* adapter;
  const Options& options;
  at::Tensor cos_NP, sin_NP;
  model::Visibility visibility;
};

TorchDecoder::TorchDecoder(const weights::ModelConfig& config, const TensorLoader& load, at::ScalarType type,
                           const at::Device& device)
    : config_(config), type_(type), device_(device), frequencies_(model::rope_frequencies(config)) {
  embedding_VD_ = load("model.embed_tokens.weight");
  head_VD_ = config.tied_head ? embedding_VD_ : load("lm_head.weight");
  final_norm_D_ = load("model.norm.weight").view(-1);
  for (std::int64_t i = 0; i < config.layers; ++i) layers_.push_back(load_layer(load, i));
}

TorchDecoder::Layer TorchDecoder::load_layer(const TensorLoader& load, std::int64_t index) const {
  const std::string prefix = fmt::format("model.layers.{}.", index);
  const auto vector = [&](const std::string& name) { return load(name).view(-1); };
  Layer layer;
  layer.attention_norm_D = vector(prefix + "input_layernorm.weight");
  layer.mlp_norm_D = vector(prefix + "post_attention_layernorm.weight");
  for (const Projection projection : model::kProjections) {
    const std::string module = model::module_name(index, projection);
    layer.matrix_OI[static_cast<int>(projection)] = load(module + ".weight");
    if (config_.qkv_bias && projection < Projection::o)
      layer.bias_O[static_cast<int>(projection)] = vector(module + ".bias");
  }
  if (config_.qk_norm) {
    layer.q_norm_K = vector(prefix + "self_attn.q_norm.weight");
    layer.k_norm_K = vector(prefix + "self_attn.k_norm.weight");
  }
  return layer;
}

at::Tensor TorchDecoder::norm(const at::Tensor& x_ND, const at::Tensor& weight_D) const {
  return plain::rms_norm(x_ND, weight_D, config_.norm_epsilon).to(x_ND.scalar_type());
}

/// y = x Wᵀ + bias + s · (dropout(x) Aᵀ) Bᵀ.
at::Tensor TorchDecoder::project(const Pass& pass, std::int64_t index, Projection projection,
                                 const at::Tensor& x_NI) const {
  const Layer& layer = layers_[index];
  const at::Tensor& bias_O = layer.bias_O[static_cast<int>(projection)];
  at::Tensor y_NO = at::linear(x_NI, layer.matrix_OI[static_cast<int>(projection)]);
  if (bias_O.defined()) y_NO = y_NO + bias_O.to(x_NI.scalar_type());
  const TorchAdapter::Pair* pair = pass.adapter ? pass.adapter->find(index, projection) : nullptr;
  if (!pair) return y_NO;
  at::Tensor kept_NI = x_NI.to(at::kFloat);
  if (pass.options.dropout_seed && pass.adapter->dropout() > 0) {
    const model::Matrix mask_NI(kept_NI.size(0), kept_NI.size(1));
    model::fill_dropout_mask({*pass.options.dropout_seed, index, projection}, pass.adapter->dropout(), 0,
                             mask_NI.rows(), mask_NI.width(), mask_NI.values());
    kept_NI = kept_NI * tensor_over(mask_NI).to(device_);
  }
  const at::Tensor change_NO = at::linear(at::linear(kept_NI, pair->a_RI), pair->b_OR);
  return y_NO + (pair->scaling * change_NO).to(y_NO.scalar_type());
}

at::Tensor TorchDecoder::attention(const Pass& pass, std::int64_t index, const at::Tensor& x_ND) const {
  const Layer& layer = layers_[index];
  const std::int64_t tokens = x_ND.size(0);
  const auto heads = [&](Projection projection, std::int64_t count, const at::Tensor& norm_K) {
    const at::Tensor x_NHK = project(pass, index, projection, x_ND).view({tokens, count, config_.head_size});
    return norm_K.defined() ? norm(x_NHK, norm_K) : x_NHK;
  };
  const auto rotated = [&](const at::Tensor& x_NHK) {
    return plain::rotate(x_NHK, pass.cos_NP, pass.sin_NP);
  };
  const at::Tensor q_NHK = rotated(heads(Projection::q, config_.heads, layer.q_norm_K));
  const at::Tensor k_NGK = rotated(heads(Projection::k, config_.kv_heads, layer.k_norm_K));
  const at::Tensor v_NGK = heads(Projection::v, config_.kv_heads, {});
  if (!pass.options.memory)
    return project(pass, index, Projection::o,
                   plain::causal_attention(q_NHK, k_NGK, v_NGK, pass.batch.starts, pass.visibility)
                       .reshape({tokens, -1}));
  const auto on_host = [&](const at::Tensor& x) { return matrix_over(x.reshape({tokens, -1})); };
  const model::Matrix attended_NE =
      pass.options.memory->attend(index, pass.batch, on_host(q_NHK), on_host(k_NGK), on_host(v_NGK));
  return project(pass, index, Projection::o, tensor_over(attended_NE).to(device_, x_ND.scalar_type()));
}

at::Tensor TorchDecoder::mlp(const Pass& pass, std::int64_t index, const at::Tensor& x_ND) const {
  const at::Tensor product_NF =
      plain::swiglu(project(pass, index, Projection::gate, x_ND), project(pass, index, Projection::up, x_ND));
  return project(pass, index, Projection::down, product_NF);
}

std::vector<at::Tensor> TorchDecoder::states(const model::PackedBatch& batch, const TorchAdapter* adapter,
                                             const Options& options) const {
  const auto rotation =
      model::rotation_at(frequencies_, options.memory ? options.memory->positions(batch) : batch.positions());
  const Pass pass{batch,
                  adapter,
                  options,
                  tensor_over(rotation.cos_NP).to(device_),
                  tensor_over(rotation.sin_NP).to(device_),
                  batch.visibility()};
  const at::Tensor tokens_N =
      at::tensor(std::vector<std::int64_t>(batch.tokens.begin(), batch.tokens.end()), at::kLong).to(device_);
  const bool all = options.layers < 0 || options.layers >= config_.layers;
  std::vector<at::Tensor> states = {at::embedding(embedding_VD_, tokens_N)};
  for (std::int64_t i = 0; i < (all ? config_.layers : options.layers); ++i) {
    const at::Tensor middle_ND =
        states.back() + attention(pass, i, norm(states.back(), layers_[i].attention_norm_D));
    states.push_back(middle_ND + mlp(pass, i, norm(middle_ND, layers_[i].mlp_norm_D)));
  }
  if (all) states.back() = norm(states.back(), final_norm_D_);
  return states;
}

at::Tensor TorchDecoder::project(const at::Tensor& hidden_MD) const {
  return at::linear(hidden_MD.to(type_), head_VD_).to(at::kFloat);
}

namespace {

class TorchGuest : public model::DecoderGuest {
 public:
  explicit TorchGuest(TorchDecoder decoder) : decoder_(std::move(decoder)) {}

  model::Matrix forward(const model::PackedBatch& batch, const model::LoraAdapter* adapter,
                        const model::ForwardOptions& options) const override {
    return matrix_over(states(batch, adapter, {options.layers, options.memory}).back());
  }

  std::vector<model::Matrix> hidden_states(const model::PackedBatch& batch,
                                           const model::LoraAdapter* adapter) const override {
    std::vector<model::Matrix> matrices;
    for (const auto& state : states(batch, adapter, {})) matrices.push_back(matrix_over(state));
    return matrices;
  }

  model::Matrix project(const model::Matrix& hidden_MD) const override {
    const at::NoGradGuard no_autograd;
    return matrix_over(decoder_.project(tensor_over(hidden_MD).to(decoder_.device())));
  }

 private:
  std::vector<at::Tensor> states(const model::PackedBatch& batch, const model::LoraAdapter* adapter,
                                 const TorchDecoder::Options& options) const {
    const at::NoGradGuard no_autograd;
    if (!adapter) return decoder_.states(batch, nullptr, options);
    const TorchAdapter matrices(*adapter, decoder_.device(), false);
    return decoder_.states(batch, &matrices, options);
  }

  TorchDecoder decoder_;
};

}  // namespace

TorchDecoder torch_decoder_of(const weights::ModelConfig& config, const model::WeightSource& source,
                              const model::DecoderOptions& options) {
  const at::Device device = device_named(options.device);
  const at::ScalarType type = options.type == model::DataType::bfloat16 ? at::kBFloat16 : at::kFloat;
  const auto load = [&](std::string_view name) {
    const at::Tensor values = tensor_over(source.load(name));
    return values.to(device, values.size(0) == 1 ? at::kFloat : type);
  };
  return {config, load, type, device};
}

std::shared_ptr<const model::DecoderGuest> make_torch_guest(const weights::ModelConfig& config,
                                                            const model::WeightSource& source,
                                                            const model::DecoderOptions& options) {
  return std::make_shared<TorchGuest>(torch_decoder_of(config, source, options));
}

}  // namespace conceptune::guest
