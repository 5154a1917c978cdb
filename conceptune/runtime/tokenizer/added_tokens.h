// Finding added and special tokens in text: the leftmost, and of those that begin there the longest.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

/// A token found in text, with the bytes it takes.
struct AddedTokenMatch {
  TokenId id;
  std::size_t begin, end;
};

/// Immutable; `vocabulary` must outlive it.
class AddedTokens {
 public:
  explicit AddedTokens(const Vocabulary& vocabulary);

  /// The first match at or after byte `from`. Special tokens only with `parse_special`.
  /// O(text.size() · (longest token) · log(tokens)).
  std::optional<AddedTokenMatch> find(std::string_view text, std::size_t from, bool parse_special) const;

  /// Longer added tokens are refused when a vocabulary is loaded: a match tries that many bytes per position.
  static constexpr std::size_t kMaxTokenBytes = 4096;

 private:
  struct Entry {
    std::string_view text;
    TokenId id;
  };
  using Entries = std::vector<Entry>;  // sorted by text

  static std::optional<AddedTokenMatch> longest_at(const Entries& entries, std::string_view text,
                                                   std::size_t position);

  Entries always_, with_special_;
  std::bitset<256> first_bytes_always_, first_bytes_with_special_;
};

}  // namespace conceptune::tokenizer
