// The decoder of the Llama family (Touvron et al., 2023; Llama 3, SmolLM2, Qwen 2 and 3, Falcon 3) over
// packed sequences.
//
// Shapes: N tokens of the batch, D width, V vocabulary, M rows chosen by the caller.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "conceptune/runtime/matrices/matrix_pool.h"
#include "conceptune/runtime/model/decoder_guest.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/layer_context.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::model {

/// A language model's weights with what is needed to run them. Immutable; forward passes may run
/// concurrently.
class Decoder {
 public:
  explicit Decoder(std::shared_ptr<const weights::WeightStore> store, const DecoderOptions& options = {});
  /// A model whose weights come from anywhere, e.g. made up in memory.
  Decoder(const weights::ModelConfig& config, WeightLoader load, const DecoderOptions& options = {});
  Decoder(const weights::ModelConfig& config, WeightSource source, const DecoderOptions& options);
  /// The first so many layers of a model with its head: no model of use, but passes take what they take.
  static Decoder of_first_layers(const std::shared_ptr<const weights::WeightStore>& store,
                                 std::int64_t layers, const DecoderOptions& options);

  const weights::ModelConfig& config() const { return config_; }
  const DecoderOptions& options() const { return options_; }
  /// How our kernels multiply.
  ProductType products() const;

  /// Hidden states after the final norm, hidden_ND. Throws InputError for a batch that check_batch() refuses.
  Matrix forward(const PackedBatch& batch, const LoraAdapter* adapter = nullptr,
                 const ForwardOptions& options = {}) const;

  /// The embeddings, then every layer's output, the last one after the final norm: layers + 1 matrices, as
  /// transformers' output_hidden_states gives them.
  std::vector<Matrix> hidden_states(const PackedBatch& batch, const LoraAdapter* adapter = nullptr) const;

  /// logits_MV of the rows given; logit_rows_at_once() says how many are best asked for at once.
  Matrix project(const Matrix& hidden_MD) const;
  /// Rows whose logits are worth making together, of at least `elements` logits.
  std::int64_t logit_rows_at_once(std::int64_t elements) const;

  /// The output projection, for losses that go through it in chunks; of a decoder that our kernels run.
  const FrozenMatrix& head() const { return weights_->head_VD(); }

 private:
  friend class TrainingPass;

  /// What a pass over the batch needs; batch and adapter must outlive it.
  LayerPass make_pass(const PackedBatch& batch, const LoraAdapter* adapter, const DropoutPlan& dropout,
                      AttentionMemory* memory) const;
  Matrix embeddings(const PackedBatch& batch) const;
  RowNorm final_norm() const;
  /// Of all rows; the scales are kept in scale_N where that is a matrix.
  Matrix normed(const Matrix& hidden_ND, const Matrix& scale_N) const;

  weights::ModelConfig config_;
  DecoderOptions options_;
  std::shared_ptr<const DecoderGuest> guest_;  // or null, and then there are
  std::optional<DecoderWeights> weights_;
  std::vector<double> frequencies_;
  MatrixPool pool_;  // what layers compute and logits, for the next pass to use again
};

}  // namespace conceptune::model
