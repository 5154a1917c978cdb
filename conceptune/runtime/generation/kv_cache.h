// Keys and values of tokens already run, with prefixes that many continuations share.
//
// Shapes: N tokens of the batch, T of one sequence, H query heads, G key/value heads, K head size.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

/// What the continuations of a set of prefixes have seen. First run the prefixes (one batch, in order), then
/// begin_continuations(), then batches of further tokens of any continuations: each is a sequence of the
/// batch, told by select().
class KvCache : public model::AttentionMemory {
 public:
  explicit KvCache(const weights::ModelConfig& config);

  /// `prefix_of` gives the prefix of each continuation (its number in the first batch), or -1 for none;
  /// `capacity` how many tokens of its own each may have.
  void begin_continuations(std::vector<std::int32_t> prefix_of, std::vector<std::int64_t> capacity);
  /// The continuations that the next batch's sequences belong to, in its order, each at most once.
  void select(std::vector<std::int32_t> continuations) { selected_ = std::move(continuations); }
  /// Tokens of one continuation seen so far, its prefix included.
  std::int64_t length(std::int32_t continuation) const;

  std::vector<std::int32_t> positions(const model::PackedBatch& batch) const override;
  at::Tensor attend(std::int64_t layer, const model::PackedBatch& batch, const at::Tensor& q_NHK,
                    const at::Tensor& k_NGK, const at::Tensor& v_NGK) override;

 private:
  struct KeysAndValues {
    at::Tensor k_TGK, v_TGK;
  };

  bool running_prefixes() const { return prefix_of_.empty(); }
  std::int64_t prefix_length(std::int32_t continuation) const;
  /// The prefix's keys and values in one layer; no rows where there is no prefix.
  KeysAndValues prefix_of(std::int64_t layer, std::int32_t continuation) const;
  /// Room for the continuation's own tokens in one layer.
  KeysAndValues& own(std::int64_t layer, std::int32_t continuation);

  std::int64_t layers_, kv_heads_, head_size_;
  std::vector<std::int32_t> prefix_starts_ = {0};
  std::vector<KeysAndValues> prefixes_;  // by layer, prefixes end to end
  std::vector<std::int32_t> prefix_of_, selected_;
  std::vector<std::int64_t> own_length_;
  std::vector<KeysAndValues> own_;  // by layer, then continuation
};

}  // namespace conceptune::generation
