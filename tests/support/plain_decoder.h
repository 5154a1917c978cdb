// A decoder by its formulas, in double precision: what our kernels compute is held against it.
//
// Shapes: N tokens of the batch, I width in, O width out, R rank, H query heads, G key/value heads, K head
// size.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/dropout.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/model/rope.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

/// Numbers of its own, unlike model::Matrix: a copy may be changed.
struct PlainMatrix {
  PlainMatrix() = default;
  PlainMatrix(std::int64_t rows, std::int64_t width)
      : rows(rows), width(width), values(static_cast<std::size_t>(rows * width)) {}
  explicit PlainMatrix(const model::Matrix& matrix)
      : rows(matrix.rows()),
        width(matrix.width()),
        values(matrix.values(), matrix.values() + matrix.size()) {}

  double* row(std::int64_t index) { return values.data() + index * width; }
  const double* row(std::int64_t index) const { return values.data() + index * width; }
  model::Matrix as_matrix() const {
    model::Matrix matrix(rows, width);
    std::transform(values.begin(), values.end(), matrix.values(),
                   [](double value) { return static_cast<float>(value); });
    return matrix;
  }

  std::int64_t rows = 0, width = 0;
  std::vector<double> values;
};

inline double inner_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// x Wᵀ
inline PlainMatrix plain_product(const PlainMatrix& x_NI, const PlainMatrix& w_OI) {
  PlainMatrix y_NO(x_NI.rows, w_OI.rows);
  for (std::int64_t n = 0; n < x_NI.rows; ++n)
    for (std::int64_t o = 0; o < w_OI.rows; ++o)
      for (std::int64_t i = 0; i < x_NI.width; ++i) y_NO.row(n)[o] += x_NI.row(n)[i] * w_OI.row(o)[i];
  return y_NO;
}

/// One adapted projection. mask_NI is of its input, by dropout; without rows for none.
struct PlainPair {
  PlainMatrix a_RI, b_OR;
  double scaling;
  PlainMatrix mask_NI = {};
};

/// x Wᵀ + bias + s · (mask ∘ x) Aᵀ Bᵀ; bias and pair may be null.
inline PlainMatrix plain_linear(const PlainMatrix& x_NI, const PlainMatrix& w_OI, const PlainMatrix* bias_O,
                                const PlainPair* pair) {
  PlainMatrix y_NO = plain_product(x_NI, w_OI);
  for (std::int64_t n = 0; bias_O && n < y_NO.rows; ++n)
    for (std::int64_t o = 0; o < y_NO.width; ++o) y_NO.row(n)[o] += bias_O->values[o];
  if (!pair) return y_NO;
  PlainMatrix input_NI = x_NI;
  for (std::size_t i = 0; i < pair->mask_NI.values.size(); ++i) input_NI.values[i] *= pair->mask_NI.values[i];
  const PlainMatrix change_NO = plain_product(plain_product(input_NI, pair->a_RI), pair->b_OR);
  for (std::size_t i = 0; i < y_NO.values.size(); ++i) y_NO.values[i] += pair->scaling * change_NO.values[i];
  return y_NO;
}

/// An adapter whose numbers may be changed by less than float32 tells apart.
class PlainAdapter {
 public:
  /// With the dropout of that seed where there is one, for `rows` tokens.
  explicit PlainAdapter(const model::LoraAdapter& adapter, std::optional<std::uint64_t> dropout_seed = {},
                        std::int64_t rows = 0) {
    for (std::int64_t layer = 0; layer < adapter.layers(); ++layer)
      for (const model::Projection projection : model::kProjections) {
        const model::LoraPair* pair = adapter.find(layer, projection);
        if (!pair) continue;
        PlainPair plain = {PlainMatrix(pair->a_RI), PlainMatrix(pair->b_OR), adapter.scaling(*pair)};
        if (dropout_seed) {
          const model::Matrix mask_NI(rows, pair->a_RI.width());
          model::fill_dropout_mask({*dropout_seed, layer, projection}, adapter.options().dropout, 0, rows,
                                   mask_NI.width(), mask_NI.values());
          plain.mask_NI = PlainMatrix(mask_NI);
        }
        pairs_[{layer, projection}] = std::move(plain);
      }
  }

  const PlainPair* find(std::int64_t layer, model::Projection projection) const {
    const auto found = pairs_.find({layer, projection});
    return found == pairs_.end() ? nullptr : &found->second;
  }
  /// In the order of LoraAdapter::parameters().
  std::vector<PlainMatrix*> parameters() {
    std::vector<PlainMatrix*> parameters;
    for (auto& [place, pair] : pairs_) parameters.insert(parameters.end(), {&pair.a_RI, &pair.b_OR});
    return parameters;
  }

 private:
  std::map<std::pair<std::int64_t, model::Projection>, PlainPair> pairs_;
};

class PlainDecoder {
 public:
  /// `rounds`: the weights and what each operation gives are rounded to bfloat16.
  PlainDecoder(const weights::ModelConfig& config, const model::WeightLoader& load, bool rounds = false)
      : config_(config), rounds_(rounds) {
    const auto get = [&](const std::string& name) { return made(PlainMatrix(load(name))); };
    embedding_ = get("model.embed_tokens.weight");
    head_ = config.tied_head ? embedding_ : get("lm_head.weight");
    final_norm_ = get("model.norm.weight");
    for (std::int64_t index = 0; index < config.layers; ++index) {
      const std::string prefix = "model.layers." + std::to_string(index) + ".";
      Layer layer;
      layer.attention_norm = get(prefix + "input_layernorm.weight");
      layer.mlp_norm = get(prefix + "post_attention_layernorm.weight");
      if (config.qk_norm) layer.q_norm = get(prefix + "self_attn.q_norm.weight");
      if (config.qk_norm) layer.k_norm = get(prefix + "self_attn.k_norm.weight");
      for (const model::Projection projection : model::kProjections) {
        const std::string module = model::module_name(index, projection);
        layer.matrices.push_back(get(module + ".weight"));
        const bool has_bias = config.qkv_bias && projection < model::Projection::o;
        layer.biases.push_back(has_bias ? get(module + ".bias") : PlainMatrix());
      }
      layers_.push_back(std::move(layer));
    }
  }

  /// Hidden states after the final norm.
  PlainMatrix forward(const model::PackedBatch& batch, const PlainAdapter* adapter = nullptr) const {
    using enum model::Projection;
    PlainMatrix x(batch.size(), config_.width);
    for (std::int64_t n = 0; n < x.rows; ++n) std::copy_n(embedding_.row(batch.tokens[n]), x.width, x.row(n));
    for (std::int64_t index = 0; index < config_.layers; ++index) {
      const auto linear = [&](const PlainMatrix& in, model::Projection projection) {
        const Layer& layer = layers_[index];
        const PlainMatrix& bias = layer.biases[static_cast<int>(projection)];
        return made(plain_linear(in, layer.matrices[static_cast<int>(projection)],
                                 bias.rows ? &bias : nullptr,
                                 adapter ? adapter->find(index, projection) : nullptr));
      };
      const Layer& layer = layers_[index];
      const PlainMatrix normed = norm(x, layer.attention_norm);
      const PlainMatrix queries = turned(linear(normed, q), layer.q_norm, batch);
      const PlainMatrix keys = turned(linear(normed, k), layer.k_norm, batch);
      x = sum(x, linear(attention(queries, keys, linear(normed, v), batch), o));
      const PlainMatrix entering = norm(x, layer.mlp_norm);
      x = sum(x, linear(swiglu(linear(entering, gate), linear(entering, up)), down));
    }
    return norm(x, final_norm_);
  }

  PlainMatrix project(const PlainMatrix& hidden_ND) const { return made(plain_product(hidden_ND, head_)); }

 private:
  struct Layer {
    PlainMatrix attention_norm, mlp_norm, q_norm, k_norm;
    std::vector<PlainMatrix> matrices, biases;  // by projection
  };

  PlainMatrix made(PlainMatrix numbers) const {
    if (rounds_) numbers = PlainMatrix(widened(rounded(numbers.as_matrix())));
    return numbers;
  }

  PlainMatrix sum(PlainMatrix a, const PlainMatrix& b) const {
    for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
    return made(std::move(a));
  }

  /// Of parts of a row as wide as the weights: x / √(mean x² + ε) · w.
  PlainMatrix norm(PlainMatrix x, const PlainMatrix& weight) const {
    for (double* part = x.values.data(); part != x.values.data() + x.values.size(); part += weight.width) {
      double squares = 0;
      for (std::int64_t i = 0; i < weight.width; ++i) squares += part[i] * part[i];
      const double scale = 1 / std::sqrt(squares / static_cast<double>(weight.width) + config_.norm_epsilon);
      for (std::int64_t i = 0; i < weight.width; ++i) part[i] *= scale * weight.values[i];
    }
    return made(std::move(x));
  }

  /// Heads normed, where the family does that, and rotated by their positions: pairs are (i, i + K/2).
  PlainMatrix turned(PlainMatrix heads, const PlainMatrix& weight, const model::PackedBatch& batch) const {
    if (weight.rows) heads = norm(std::move(heads), weight);
    const std::vector<double> frequencies = model::rope_frequencies(config_);
    const std::vector<std::int32_t> positions = batch.positions();
    const std::int64_t half = config_.head_size / 2;
    for (std::int64_t n = 0; n < heads.rows; ++n)
      for (double* head = heads.row(n); head != heads.row(n + 1); head += config_.head_size)
        for (std::int64_t i = 0; i < half; ++i) {
          // The angle is a product of float32, by definition.
          const double angle = static_cast<float>(positions[n]) * static_cast<float>(frequencies[i]);
          const double first = head[i], second = head[i + half];
          head[i] = first * std::cos(angle) - second * std::sin(angle);
          head[i + half] = second * std::cos(angle) + first * std::sin(angle);
        }
    return made(std::move(heads));
  }

  /// softmax(q · k / √K) v over the keys that a token sees.
  PlainMatrix attention(const PlainMatrix& q, const PlainMatrix& k, const PlainMatrix& v,
                        const model::PackedBatch& batch) const {
    const model::Visibility visibility = batch.visibility();
    const std::int64_t size = config_.head_size;
    PlainMatrix attended(q.rows, q.width);
    for (std::int64_t s = 0; s < batch.sequences(); ++s)
      for (std::int64_t n = batch.starts[s]; n < batch.starts[s + 1]; ++n) {
        std::vector<std::int64_t> seen;
        for (std::int64_t other = batch.starts[s]; other <= n; ++other) {
          const std::int64_t within = other - batch.starts[s];
          if (batch.branches.empty() || within < visibility.prefix_N[n] || within >= visibility.own_N[n])
            seen.push_back(other);
        }
        for (std::int64_t h = 0; h < config_.heads; ++h) {
          const std::int64_t g = h / (config_.heads / config_.kv_heads);
          attend(q.row(n) + h * size, seen, k, v, g * size, attended.row(n) + h * size);
        }
      }
    return made(std::move(attended));
  }

  void attend(const double* query, const std::vector<std::int64_t>& seen, const PlainMatrix& k,
              const PlainMatrix& v, std::int64_t offset, double* attended) const {
    const std::int64_t size = config_.head_size;
    std::vector<double> weights;
    for (const std::int64_t other : seen) {
      double score = 0;
      for (std::int64_t i = 0; i < size; ++i) score += query[i] * k.row(other)[offset + i];
      weights.push_back(score / std::sqrt(static_cast<double>(size)));
    }
    const double largest = *std::max_element(weights.begin(), weights.end());
    double total = 0;
    for (double& weight : weights) total += weight = std::exp(weight - largest);
    for (std::size_t j = 0; j < seen.size(); ++j)
      for (std::int64_t i = 0; i < size; ++i) attended[i] += weights[j] / total * v.row(seen[j])[offset + i];
  }

  PlainMatrix swiglu(PlainMatrix gate, const PlainMatrix& up) const {
    for (std::size_t i = 0; i < gate.values.size(); ++i)
      gate.values[i] *= up.values[i] / (1 + std::exp(-gate.values[i]));
    return made(std::move(gate));
  }

  weights::ModelConfig config_;
  bool rounds_;
  PlainMatrix embedding_, head_, final_norm_;
  std::vector<Layer> layers_;
};

/// The slope of Σ hidden ∘ d_hidden as one of the adapter's matrices moves along `direction`, by central
/// differences.
inline double plain_slope(const PlainDecoder& decoder, const model::PackedBatch& batch, PlainAdapter adapter,
                          const PlainMatrix& d_hidden_ND, std::size_t parameter,
                          const PlainMatrix& direction) {
  constexpr double kStep = 1e-6;
  PlainMatrix& moved = *adapter.parameters()[parameter];
  const std::vector<double> before = moved.values;
  const auto beyond = [&](double distance) {
    for (std::size_t i = 0; i < before.size(); ++i)
      moved.values[i] = before[i] + distance * direction.values[i];
    return inner_product(decoder.forward(batch, &adapter).values, d_hidden_ND.values);
  };
  return (beyond(kStep) - beyond(-kStep)) / (2 * kStep);
}

}  // namespace conceptune::test
