// The decoder of the Llama family (Touvron et al., 2023; Llama 3, SmolLM2, Qwen 2 and 3, Falcon 3) over
// packed sequences.
//
// Shapes: N tokens of the batch, D width, V vocabulary, M rows chosen by the caller, H query heads, G
// key/value heads, K head size.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/matrices/matrix_pool.h"
#include "conceptune/runtime/model/attention_memory.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/model/rope.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::model {

struct ForwardOptions {
  bool training = false;           // dropout on
  std::uint64_t dropout_seed = 0;  // of this pass; the same seed gives the same masks
  std::int64_t layers = -1;        // how many layers to run; -1 for all, which adds the final norm
  bool recompute = false;  // fused layers keep little for the backward pass and compute the rest again
  AttentionMemory* memory = nullptr;
};

/// A language model's weights with what is needed to run them. Immutable; forward passes may run
/// concurrently.
class Decoder {
 public:
  explicit Decoder(std::shared_ptr<const weights::WeightStore> store, const DecoderOptions& options = {});
  /// A model whose tensors come from anywhere, e.g. made up in memory.
  Decoder(const weights::ModelConfig& config, TensorLoader load, const DecoderOptions& options = {});
  Decoder(const weights::ModelConfig& config, TensorSource source, const DecoderOptions& options);

  const weights::ModelConfig& config() const { return config_; }
  const DecoderOptions& options() const { return options_; }
  /// Whether our kernels run the layers, rather than libtorch's operations.
  bool runs_fused() const;
  /// How those multiply.
  ProductType products() const { return weights_.products(); }

  /// Hidden states after the final norm, hidden_ND. Differentiable through the adapter's matrices when grad
  /// mode is on; the base weights are frozen. Throws InputError for a batch that check_batch() refuses.
  at::Tensor forward(const PackedBatch& batch, const LoraAdapter* adapter = nullptr,
                     const ForwardOptions& options = {}) const;

  /// The embeddings, then every layer's output, the last one after the final norm: layers + 1 tensors, as
  /// transformers' output_hidden_states gives them.
  std::vector<at::Tensor> hidden_states(const PackedBatch& batch, const LoraAdapter* adapter = nullptr) const;

  /// logits_MV in float32 of the rows given; head().rows_at_once() says how many are best asked for at once.
  /// Differentiable with respect to the rows.
  at::Tensor project(const at::Tensor& hidden_MD) const;

  /// The output projection, for losses that go through it in chunks.
  const FrozenMatrix& head() const { return weights_.head_VD(); }

 private:
  class Pass;

  weights::ModelConfig config_;
  DecoderOptions options_;
  DecoderWeights weights_;
  std::vector<double> frequencies_;
  MatrixPool pool_;  // what layers compute and logits, for the next pass to use again
};

}  // namespace conceptune::model
