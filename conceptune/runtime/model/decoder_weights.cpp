#include "conceptune/runtime/model/decoder_weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conceptune/base/error.h"

namespace conceptune::model {

at::Device device_named(const std::string& name) {
  try {
    return at::Device(name);
  } catch (const c10::Error&) {
    throw InputError("loading the model", "device",
                     fmt::format("'{}' is not a device, expected cpu or cuda", name));
  }
}

DecoderWeights::DecoderWeights(const weights::ModelConfig& config, TensorLoader load,
                               const DecoderOptions& options)
    : config_(config),
      load_(std::move(load)),
      type_(options.type == DataType::bfloat16 ? at::kBFloat16 : at::kFloat),
      device_(device_named(options.device)) {
  embedding_VD_ = load_checked("model.embed_tokens.weight", {config.vocabulary, config.width}, type_);
  final_norm_D_ = load_checked("model.norm.weight", {config.width}, at::kFloat);
  head_VD_ = config.tied_head ? embedding_VD_
                              : load_checked("lm_head.weight", {config.vocabulary, config.width}, type_);
  if (options.memory == WeightMemory::expanded)
    for (std::int64_t i = 0; i < config.layers; ++i) layers_.push_back(load_layer(i));
}

LayerWeights DecoderWeights::layer(std::int64_t index) const {
  return layers_.empty() ? load_layer(index) : layers_[index];
}

LayerWeights DecoderWeights::load_layer(std::int64_t index) const {
  const std::string prefix = fmt::format("model.layers.{}.", index);
  LayerWeights layer;
  layer.attention_norm_D = load_checked(prefix + "input_layernorm.weight", {config_.width}, at::kFloat);
  layer.mlp_norm_D = load_checked(prefix + "post_attention_layernorm.weight", {config_.width}, at::kFloat);
  for (const Projection projection : kProjections) {
    const ProjectionShape shape = projection_shape(config_, projection);
    const std::string module = module_name(index, projection);
    layer.weight_OI[static_cast<int>(projection)] =
        load_checked(module + ".weight", {shape.out, shape.in}, type_);
    if (config_.qkv_bias && projection < Projection::o)
      layer.bias_O[static_cast<int>(projection)] = load_checked(module + ".bias", {shape.out}, type_);
  }
  if (config_.qk_norm) {
    layer.q_norm_K = load_checked(prefix + "self_attn.q_norm.weight", {config_.head_size}, at::kFloat);
    layer.k_norm_K = load_checked(prefix + "self_attn.k_norm.weight", {config_.head_size}, at::kFloat);
  }
  return layer;
}

at::Tensor DecoderWeights::load_checked(const std::string& name, std::initializer_list<std::int64_t> shape,
                                        at::ScalarType type) const {
  const at::Tensor tensor = load_(name, type);
  if (tensor.sizes() != at::IntArrayRef(shape))
    throw InputError(
        "loading the model", name,
        fmt::format("has shape {}, expected {}", fmt::join(tensor.sizes(), "×"), fmt::join(shape, "×")));
  return tensor.to(device_);
}

}  // namespace conceptune::model
