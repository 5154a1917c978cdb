// The weights of a decoder as it uses them: all expanded once, or as compact as stored.
//
// Shapes: D width, O and I out and in, K head size, V vocabulary.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/matrices/device.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

enum class DataType { float32, bfloat16 };
/// automatic: compact where an adapter is trained (see for_training), else expanded.
enum class WeightMemory { automatic, expanded, compact };

/// libtorch's name of the type.
inline at::ScalarType scalar_type(DataType type) {
  return type == DataType::bfloat16 ? at::kBFloat16 : at::kFloat;
}

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
    visit("device", device, "Where the model runs: cpu, or a device of libtorch, e.g. cuda:0");
    visit("fused", fused, "Run layers on the CPU by our own kernels instead of libtorch's operations");
  }
};

/// The options with the memory that suits training where that is left open: compact for our kernels, since a
/// batch's many rows make expanding a tile little work beside its products.
DecoderOptions for_training(DecoderOptions options);

/// Gives one tensor by its Hugging Face name, in the type asked for.
using TensorLoader = std::function<at::Tensor(std::string_view name, at::ScalarType type)>;

/// Gives a matrix as its file stores it, to be expanded when multiplied.
using MatrixLoader = std::function<FrozenMatrix(std::string_view name)>;

/// Where a decoder's tensors come from.
struct TensorSource {
  TensorLoader load;
  MatrixLoader stored = {};  // none: `load` serves for compact memory too, tile by tile
};

/// Weights of one layer. Absent biases and norms are undefined tensors; those there are float32.
struct LayerWeights {
  at::Tensor attention_norm_D, mlp_norm_D;
  std::array<FrozenMatrix, kProjections.size()> matrix_OI;  // by Projection
  std::array<at::Tensor, kProjections.size()> bias_O;
  at::Tensor q_norm_K, k_norm_K;

  const FrozenMatrix& matrix(Projection projection) const { return matrix_OI[static_cast<int>(projection)]; }
  const at::Tensor& bias(Projection projection) const { return bias_O[static_cast<int>(projection)]; }
};

/// The weights behind a decoder. Thread-safe.
class DecoderWeights {
 public:
  /// Loads from `source`, which is kept only where memory is compact. Throws InputError when a tensor's shape
  /// does not fit `config`.
  DecoderWeights(const weights::ModelConfig& config, TensorSource source, const DecoderOptions& options);

  const FrozenMatrix& embedding_VD() const { return embedding_VD_; }
  const at::Tensor& final_norm_D() const { return final_norm_D_; }
  /// The output projection; the embedding itself where the head is tied.
  const FrozenMatrix& head_VD() const { return head_VD_; }
  const LayerWeights& layer(std::int64_t index) const { return layers_[index]; }
  const at::Device& device() const { return device_; }
  /// The type that matrices are meant to be multiplied in.
  at::ScalarType type() const { return type_; }
  /// How our kernels multiply on the CPU.
  ProductType products() const { return type_ == at::kBFloat16 ? fastest_products() : ProductType::float32; }

 private:
  LayerWeights load_layer(std::int64_t index) const;
  FrozenMatrix load_matrix(const std::string& name, std::int64_t out, std::int64_t in) const;
  at::Tensor load_vector(const std::string& name, std::int64_t size) const;

  weights::ModelConfig config_;
  TensorSource source_;
  at::ScalarType type_;
  at::Device device_;
  bool compact_;
  FrozenMatrix embedding_VD_, head_VD_;
  at::Tensor final_norm_D_;
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
