// Keys and values of tokens already run, with prefixes that many continuations share.
//
// Shapes: N tokens of the batch, T tokens held, E = H · K for H query heads of size K, J = G · K for G
// key/value heads.
#pragma once

#include <cstdint>
#include <vector>

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
  model::Matrix attend(std::int64_t layer, const model::PackedBatch& batch, const model::Matrix& q_NE,
                       const model::Matrix& k_NJ, const model::Matrix& v_NJ) override;

 private:
  /// By head: what one attends to lies in one piece, and comes from memory as fast as it can.
  struct KeysAndValues {
    model::Matrix k, v;       // one head's T keys of size K after another's
    std::int64_t tokens = 0;  // T
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
  KeysAndValues make_room(std::int64_t tokens) const;
  /// Keeps the batch's keys and values: token n at place row_N[n].
  void remember(const KeysAndValues& kept, const std::vector<std::int64_t>& row_N, const model::Matrix& k_NJ,
                const model::Matrix& v_NJ) const;
  /// Where the batch's tokens lie among their continuations' own.
  std::vector<std::int64_t> own_rows(const model::PackedBatch& batch) const;
  std::vector<Sight> sights(const model::PackedBatch& batch) const;
  model::Matrix attend_to(const Layer& layer, const model::PackedBatch& batch,
                          const model::Matrix& q_NE) const;

  std::int64_t heads_, kv_heads_, head_size_;
  model::ProductType products_;
  std::vector<Layer> layers_;
  std::vector<std::int32_t> prefix_starts_ = {0};
  std::vector<Continuation> continuations_;
  std::vector<std::int64_t> own_begin_, own_length_;  // by continuation
  std::vector<std::int32_t> selected_;
};

}  // namespace conceptune::generation
