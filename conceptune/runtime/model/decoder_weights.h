// The weights of a decoder as it uses them: all expanded once, or one layer at a time from compact storage.
//
// Shapes: D width, O and I out and in, K head size, V vocabulary.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/base/option_fields.h"
#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

enum class DataType { float32, bfloat16 };
enum class WeightMemory { expanded, compact };

struct DecoderOptions {
  DataType type = DataType::float32;
  WeightMemory memory = WeightMemory::expanded;
  std::string device = "cpu";
  bool fused = true;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("type", type, "Number type of matrix products");
    visit("memory", memory,
          "expanded: weights held ready; compact: as stored, a layer expanded when it runs");
    visit("device", device, "Where the model runs: cpu, or a device of libtorch, e.g. cuda:0");
    visit("fused", fused,
          "Run float32 layers on the CPU by our own kernels instead of libtorch's operations");
  }
};

/// Gives one tensor by its Hugging Face name, in the type asked for.
using TensorLoader = std::function<at::Tensor(std::string_view name, at::ScalarType type)>;

/// Weights of one layer. Absent biases and norms are undefined tensors.
struct LayerWeights {
  at::Tensor attention_norm_D, mlp_norm_D;
  std::array<at::Tensor, kProjections.size()> weight_OI, bias_O;  // by Projection
  at::Tensor q_norm_K, k_norm_K;

  const at::Tensor& weight(Projection projection) const { return weight_OI[static_cast<int>(projection)]; }
  const at::Tensor& bias(Projection projection) const { return bias_O[static_cast<int>(projection)]; }
};

/// Throws InputError for a name that is no device's.
at::Device device_named(const std::string& name);

/// The weights behind a decoder. Thread-safe.
class DecoderWeights {
 public:
  /// Loads through `load`, which must stay callable. Throws InputError when a tensor's shape does not fit
  /// `config`.
  DecoderWeights(const weights::ModelConfig& config, TensorLoader load, const DecoderOptions& options);

  const at::Tensor& embedding_VD() const { return embedding_VD_; }
  const at::Tensor& final_norm_D() const { return final_norm_D_; }
  /// The output projection; the embedding itself where the head is tied.
  const at::Tensor& head_VD() const { return head_VD_; }
  /// One layer, expanded now when memory is compact.
  LayerWeights layer(std::int64_t index) const;
  const at::Device& device() const { return device_; }

 private:
  LayerWeights load_layer(std::int64_t index) const;
  at::Tensor load_checked(const std::string& name, std::initializer_list<std::int64_t> shape,
                          at::ScalarType type) const;

  weights::ModelConfig config_;
  TensorLoader load_;
  at::ScalarType type_;
  at::Device device_;
  at::Tensor embedding_VD_, final_norm_D_, head_VD_;
  std::vector<LayerWeights> layers_;  // empty when memory is compact
};

}  // namespace conceptune::model

namespace conceptune {
template <>
inline constexpr std::pair<const char*, model::DataType> enum_names<model::DataType>[] = {
    {"float32", model::DataType::float32}, {"bfloat16", model::DataType::bfloat16}};
template <>
inline constexpr std::pair<const char*, model::WeightMemory> enum_names<model::WeightMemory>[] = {
    {"expanded", model::WeightMemory::expanded}, {"compact", model::WeightMemory::compact}};
}  // namespace conceptune
