#include "conceptune/runtime/model/decoder_weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {
namespace {

void check_shape(const std::string& name, std::int64_t rows, std::int64_t width, std::int64_t expected_rows,
                 std::int64_t expected_width) {
  if (rows != expected_rows || width != expected_width)
    throw InputError(
        "loading the model", name,
        fmt::format("has shape {}×{}, expected {}×{}", rows, width, expected_rows, expected_width));
}

Bf16Matrix rounded(const Matrix& matrix) {
  Bf16Matrix halves(matrix.rows(), matrix.width());
  round_rows(matrix.values(), matrix.width(), matrix.rows(), matrix.width(), halves.values());
  return halves;
}

/// A matrix that is loaded whenever rows of it are asked for.
FrozenMatrix loaded_by_need(const WeightLoader& load, const std::string& name, std::int64_t out,
                            std::int64_t in) {
  const auto convert_rows = [load, name, in](const MatrixBlock& block, auto* numbers, auto convert) {
    const Matrix whole = load(name);
    const float* const first = whole.row(block.first_row) + block.first_column;
    for (std::int64_t i = 0; i < block.rows; ++i)
      convert(first + i * in, block.columns, numbers + i * block.columns);
  };
  return {out,
          in,
          /*column_unit=*/1,
          {[convert_rows](const MatrixBlock& block, float* values) {
             convert_rows(block, values, std::copy_n<const float*, std::int64_t, float*>);
           },
           [convert_rows](const MatrixBlock& block, kernels::Bf16* halves) {
             convert_rows(block, halves, kernels::conversion_kernels().to_bf16);
           }}};
}

}  // namespace

DecoderOptions for_training(DecoderOptions options) {
  const bool by_kernels = options.fused && options.device == "cpu";
  if (options.memory == WeightMemory::automatic && by_kernels) options.memory = WeightMemory::compact;
  return options;
}

DecoderWeights::DecoderWeights(const weights::ModelConfig& config, WeightSource source,
                               const DecoderOptions& options)
    : config_(config),
      source_(std::move(source)),
      type_(options.type),
      compact_(options.memory == WeightMemory::compact) {
  embedding_VD_ = load_matrix("model.embed_tokens.weight", config.vocabulary, config.width);
  final_norm_D_ = load_vector("model.norm.weight", config.width);
  head_VD_ =
      config.tied_head ? embedding_VD_ : load_matrix("lm_head.weight", config.vocabulary, config.width);
  for (std::int64_t i = 0; i < config.layers; ++i) layers_.push_back(load_layer(i));
  source_ = {};  // a file whose weights are all expanded is closed
}

LayerWeights DecoderWeights::load_layer(std::int64_t index) const {
  const std::string prefix = fmt::format("model.layers.{}.", index);
  LayerWeights layer;
  layer.attention_norm_D = load_vector(prefix + "input_layernorm.weight", config_.width);
  layer.mlp_norm_D = load_vector(prefix + "post_attention_layernorm.weight", config_.width);
  for (const Projection projection : kProjections) {
    const ProjectionShape shape = projection_shape(config_, projection);
    const std::string module = module_name(index, projection);
    layer.matrix_OI[static_cast<int>(projection)] = load_matrix(module + ".weight", shape.out, shape.in);
    if (config_.qkv_bias && projection < Projection::o)
      layer.bias_O[static_cast<int>(projection)] = load_vector(module + ".bias", shape.out);
  }
  if (config_.qk_norm) {
    layer.q_norm_K = load_vector(prefix + "self_attn.q_norm.weight", config_.head_size);
    layer.k_norm_K = load_vector(prefix + "self_attn.k_norm.weight", config_.head_size);
  }
  return layer;
}

FrozenMatrix DecoderWeights::load_matrix(const std::string& name, std::int64_t out, std::int64_t in) const {
  FrozenMatrix matrix;
  if (compact_)
    matrix = source_.stored ? source_.stored(name) : loaded_by_need(source_.load, name, out, in);
  else if (type_ == DataType::float32)
    matrix = source_.load(name);
  else
    matrix = source_.load_rounded ? source_.load_rounded(name) : rounded(source_.load(name));
  check_shape(name, matrix.out(), matrix.in(), out, in);
  matrix.set_products(products());
  return matrix;
}

Matrix DecoderWeights::load_vector(const std::string& name, std::int64_t size) const {
  Matrix vector = source_.load(name);
  check_shape(name, vector.rows(), vector.width(), 1, size);
  return vector;
}

}  // namespace conceptune::model
