// The weights of a decoder as it uses them: all expanded once, or as compact as stored.
//
// Shapes: D width, O and I out and in, K head size, V vocabulary.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

enum class DataType { float32, bfloat16 };
/// automatic: compact where an adapter is trained (see for_training), else expanded.
enum class WeightMemory { automatic, expanded, compact };

struct DecoderOptions {
  DataType type = DataType::float32;
  WeightMemory memory = WeightMemory::automatic;
  std::string device = "cpu";
  bool fused = true;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("type", type,
          "Numbers of matrix products; bfloat16 needs a processor that multiplies them, others hold weights "
          "so and "
          "multiply in float32");
    visit("memory", memory,
          "expanded: weights held ready; compact: as stored, expanded tile by tile when multiplied; auto: "
          "compact in training, whose many rows make that cheap, else expanded",
          cost());
    visit("device", device,
          "Where the model runs: cpu; with libtorch built in also its devices, e.g. cuda:0");
    visit("fused", fused,
          "Run layers by our own kernels; false: by libtorch's operations, where it is built in");
  }
};

/// The options with the memory that suits training where that is left open: compact for our kernels, since a
/// batch's many rows make expanding a tile little work beside its products.
DecoderOptions for_training(DecoderOptions options);

/// Gives one tensor by its Hugging Face name in float32; a vector is a single row.
using WeightLoader = std::function<Matrix(std::string_view name)>;

/// Where a decoder's weights come from.
struct WeightSource {
  WeightLoader load;
  /// Gives a matrix in bfloat16; none: what `load` gives is rounded.
  std::function<Bf16Matrix(std::string_view name)> load_rounded = {};
  /// Gives a matrix as its file stores it, to be expanded when multiplied; none: `load` serves for compact
  /// memory too, tile by tile.
  std::function<FrozenMatrix(std::string_view name)> stored = {};
};

/// Weights of one layer. Biases and norms that the family has not are no matrices; those there are single
/// rows.
struct LayerWeights {
  Matrix attention_norm_D, mlp_norm_D;
  std::array<FrozenMatrix, kProjections.size()> matrix_OI;  // by Projection
  std::array<Matrix, kProjections.size()> bias_O;
  Matrix q_norm_K, k_norm_K;

  const FrozenMatrix& matrix(Projection projection) const { return matrix_OI[static_cast<int>(projection)]; }
  const Matrix& bias(Projection projection) const { return bias_O[static_cast<int>(projection)]; }
};

/// The weights behind a decoder. Thread-safe.
class DecoderWeights {
 public:
  /// Loads from `source`, which is kept only where memory is compact. Throws InputError when a tensor's shape
  /// does not fit `config`.
  DecoderWeights(const weights::ModelConfig& config, WeightSource source, const DecoderOptions& options);

  const FrozenMatrix& embedding_VD() const { return embedding_VD_; }
  const Matrix& final_norm_D() const { return final_norm_D_; }
  /// The output projection; the embedding itself where the head is tied.
  const FrozenMatrix& head_VD() const { return head_VD_; }
  const LayerWeights& layer(std::int64_t index) const { return layers_[index]; }
  /// How matrices are multiplied.
  ProductType products() const {
    return type_ == DataType::bfloat16 ? fastest_products() : ProductType::float32;
  }

 private:
  LayerWeights load_layer(std::int64_t index) const;
  FrozenMatrix load_matrix(const std::string& name, std::int64_t out, std::int64_t in) const;
  Matrix load_vector(const std::string& name, std::int64_t size) const;

  weights::ModelConfig config_;
  WeightSource source_;
  DataType type_;
  bool compact_;
  FrozenMatrix embedding_VD_, head_VD_;
  Matrix final_norm_D_;
  std::vector<LayerWeights> layers_;
};

}  // namespace conceptune::model

namespace conceptune {
template <>
inline constexpr std::pair<const char*, model::DataType> enum_names<model::DataType>[] = {
    {"float32", model::DataType::float32}, {"bfloat16", model::DataType::bfloat16}};
template <>
inline constexpr std::pair<const char*, model::WeightMemory> enum_names<model::WeightMemory>[] = {
    {"auto", model::WeightMemory::automatic},
    {"expanded", model::WeightMemory::expanded},
    {"compact", model::WeightMemory::compact}};
}  // namespace conceptune
