// Keys and values of tokens already run, with prefixes that many continuations share.
//
// Shapes: N tokens of the batch, T tokens held, H query heads, G key/value heads, K head size.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

/// A text that goes on from the first tokens of a prefix.
struct Continuation {
  std::int32_t prefix = -1;        // the prefix's number in the first batch, or -1 for none
  std::int64_t prefix_tokens = 0;  // how many of the prefix's tokens it goes on from
  std::int64_t capacity = 0;       // tokens of its own at most
};

/// What the continuations of a set of prefixes have seen. First run the prefixes (one batch, in order), then
/// begin_continuations(), then batches of further tokens of any continuations: each is a sequence of the
/// batch, told by select(). Neighbours in a batch that go on from the same tokens are attended to together.
/// On the CPU attention runs by our kernels, unless the decoder is to run libtorch's operations.
class KvCache : public model::AttentionMemory {
 public:
  explicit KvCache(const model::Decoder& decoder);

  /// May be called again for other continuations of the same prefixes.
  void begin_continuations(std::vector<Continuation> continuations);
  /// The continuations that the next batch's sequences belong to, in its order, each at most once.
  void select(std::vector<std::int32_t> continuations) { selected_ = std::move(continuations); }
  /// Tokens of one continuation seen so far, its prefix included.
  std::int64_t length(std::int32_t continuation) const;

  std::vector<std::int32_t> positions(const model::PackedBatch& batch) const override;
  at::Tensor attend(std::int64_t layer, const model::PackedBatch& batch, const at::Tensor& q_NHK,
                    const at::Tensor& k_NGK, const at::Tensor& v_NGK) override;

 private:
  /// By head: what one attends to lies in one piece, and comes from memory as fast as it can.
  struct KeysAndValues {
    at::Tensor k_GTK, v_GTK;
  };
  /// Prefixes end to end, and room for the continuations' own tokens, one continuation after the other.
  struct Layer {
    KeysAndValues prefixes, own;
  };
  /// What one sequence of a batch attends to: rows of a layer's prefixes and of its own keys.
  struct Sight {
    std::int64_t prefix_begin, prefix_tokens;
    kernels::OwnKeys own;
  };

  bool running_prefixes() const { return continuations_.empty(); }
  /// Keeps the batch's keys and values with their continuations.
  void remember(Layer& layer, const model::PackedBatch& batch, const at::Tensor& k_NGK,
                const at::Tensor& v_NGK) const;
  std::vector<Sight> sights(const model::PackedBatch& batch) const;
  at::Tensor attend_by_torch(const Layer& layer, const model::PackedBatch& batch,
                             const at::Tensor& q_NHK) const;
  at::Tensor attend_by_kernels(const Layer& layer, const model::PackedBatch& batch,
                               const at::Tensor& q_NHK) const;

  std::int64_t heads_, kv_heads_, head_size_;
  bool fused_;
  model::ProductType products_;
  std::vector<Layer> layers_;
  std::vector<std::int32_t> prefix_starts_ = {0};
  std::vector<Continuation> continuations_;
  std::vector<std::int64_t> own_begin_, own_length_;  // by continuation
  std::vector<std::int32_t> selected_;
};

}  // namespace conceptune::generation
