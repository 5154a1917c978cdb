// Byte-pair encoding of one piece of text (Sennrich et al. 2016): the pair with the lowest rank is merged
// first, the leftmost of equal ones. O(n log n) in the bytes of the piece.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

/// Two tokens that become one; its rank is its place in the list.
struct Merge {
  TokenId left, right, merged;
};

struct MergeOptions {
  /// A piece that is a token as a whole is that token, whatever the merges say (Llama 3).
  bool whole_pieces_first = false;
  /// Bytes without a token vanish before merging, so that their neighbours may merge (Hugging Face); else
  /// they keep them apart and vanish afterwards (llama.cpp).
  bool skip_unknown_bytes = false;
};

/// A token with the bytes of the piece that it stands for.
struct EncodedPart {
  TokenId id;
  std::uint32_t begin, end;
};

/// Immutable in effect and thread-safe; `vocabulary` must outlive it.
class BytePairEncoder {
 public:
  /// Every id of `merges` is below vocabulary.size().
  BytePairEncoder(const Vocabulary& vocabulary, const std::vector<Merge>& merges, MergeOptions options);

  /// Appends the tokens of a piece that begins at byte `offset` of the text.
  void encode(std::string_view piece, std::uint32_t offset, std::vector<EncodedPart>& parts) const;

 private:
  struct MergeSlot {
    std::uint64_t pair = kNoPair;
    std::uint32_t rank = 0;
    TokenId merged = -1;
  };
  struct Symbol;
  static constexpr std::uint64_t kNoPair = ~std::uint64_t{0};

  const MergeSlot* find(TokenId left, TokenId right) const;
  bool merges_to_itself(TokenId id) const;
  std::vector<Symbol> symbols_of(std::string_view piece) const;
  void merge_by_scanning(std::vector<Symbol>& symbols) const;
  void merge_by_queue(std::vector<Symbol>& symbols) const;
  std::uint32_t rank_at(const std::vector<Symbol>& symbols, std::size_t left) const;
  void merge_at(std::vector<Symbol>& symbols, std::size_t left) const;
  std::vector<Symbol> merged_symbols(std::string_view piece) const;

  const Vocabulary& vocabulary_;
  MergeOptions options_;
  std::vector<MergeSlot> slots_;  // open addressing, a power of two, at most half full
  TokenId token_of_byte_[256];
  // Per token: whether the merges make it from its own bytes; found out when first asked.
  enum class Answer : std::uint8_t { unknown, yes, no };
  mutable std::unique_ptr<std::atomic<Answer>[]> merges_to_itself_;
};

}  // namespace conceptune::tokenizer
