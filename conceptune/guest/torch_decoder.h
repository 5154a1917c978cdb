// The decoder in libtorch's own operations: any device, differentiable by the adapter's matrices and, where
// they ask for gradients, by the weights.
//
// Shapes: N tokens of the batch, D width, V vocabulary, M rows chosen by the caller.
#pragma once

#include "conceptune/guest/torch_pch.h"

#include <array>

#include "conceptune/guest/plain_ops.h"
#include "conceptune/runtime/model/decoder_guest.h"

namespace conceptune::guest {

/// An adapter's matrices on a device. They ask for gradients where they are made so.
class TorchAdapter {
 public:
  TorchAdapter(const model::LoraAdapter& adapter, const at::Device& device, bool needs_gradient);

  struct Pair {
    at::Tensor a_RI, b_OR;
    double scaling;
  };
  /// Null when the projection is not adapted.
  const Pair* find(std::int64_t layer, model::Projection projection) const;
  double dropout() const { return dropout_; }
  /// In the order of LoraAdapter::parameters().
  std::vector<at::Tensor> matrices() const;

 private:
  std::vector<std::map<model::Projection, Pair>> layers_;
  double dropout_;
};

/// Gives one tensor by its Hugging Face name, where and as it is to be used.
using TensorLoader = std::function<at::Tensor(std::string_view name)>;

class TorchDecoder {
 public:
  /// Matrices are multiplied in `type`; norms and biases are float32.
  TorchDecoder(const weights::ModelConfig& config, const TensorLoader& load, at::ScalarType type,
               const at::Device& device);

  const weights::ModelConfig& config() const { return config_; }
  const at::Device& device() const { return device_; }

  struct Options {
    std::int64_t layers = -1;
    model::AttentionMemory* memory = nullptr;
    std::optional<std::uint64_t> dropout_seed = {};
  };
  /// The embeddings, then every layer's output, the last one after the final norm where all layers run.
  std::vector<at::Tensor> states(const model::PackedBatch& batch, const TorchAdapter* adapter,
                                 const Options& options) const;
  /// logits_MV in float32.
  at::Tensor project(const at::Tensor& hidden_MD) const;
  const at::Tensor& head_VD() const { return head_VD_; }

 private:
  struct Layer {
    at::Tensor attention_norm_D, mlp_norm_D, q_norm_K, k_norm_K;
    std::array<at::Tensor, model::kProjections.size()> matrix_OI, bias_O;
  };
  struct Pass;

  Layer load_layer(const TensorLoader& load, std::int64_t index) const;
  at::Tensor norm(const at::Tensor& x_ND, const at::Tensor& weight_D) const;
  at::Tensor project(const Pass& pass, std::int64_t index, model::Projection projection,
                     const at::Tensor& x_NI) const;
  at::Tensor attention(const Pass& pass, std::int64_t index, const at::Tensor& x_ND) const;
  at::Tensor mlp(const Pass& pass, std::int64_t index, const at::Tensor& x_ND) const;

  weights::ModelConfig config_;
  at::ScalarType type_;
  at::Device device_;
  std::vector<double> frequencies_;
  at::Tensor embedding_VD_, head_VD_, final_norm_D_;
  std::vector<Layer> layers_;
};

/// What Decoder runs for options that our kernels do not serve.
std::shared_ptr<const model::DecoderGuest> make_torch_guest(const weights::ModelConfig& config,
                                                            const model::WeightSource& source,
                                                            const model::DecoderOptions& options);

/// The decoder that the options ask for. Throws InputError for a device that is not there.
TorchDecoder torch_decoder_of(const weights::ModelConfig& config, const model::WeightSource& source,
                              const model::DecoderOptions& options);

}  // namespace conceptune::guest
