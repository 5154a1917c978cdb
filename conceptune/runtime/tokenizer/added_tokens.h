// Finding added and special tokens in text, as Hugging Face tokenizers does (tokenizers'
// added_vocabulary.rs): first in the text as it is, those that are to be found there; then, in each piece
// between them, after normalisation, the others. Of those that begin leftmost the longest is taken.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

/// A token and the text that becomes it before anything else is done.
struct AddedToken {
  TokenId id;
  std::string text;          ///< normalized, where `normalized` and there is a normalizer
  bool special = false;      ///< found only when the caller parses special tokens
  bool normalized = false;   ///< searched after normalisation
  bool single_word = false;  ///< only where no character of a word stands beside it
  bool lstrip = false;       ///< takes the white space before it
  bool rstrip = false;       ///< takes the white space behind it

  bool operator==(const AddedToken&) const = default;
};

/// A token found in text, with the bytes it takes.
struct AddedTokenMatch {
  TokenId id;
  std::size_t begin, end;

  bool operator==(const AddedTokenMatch&) const = default;
};

/// Where a search takes place.
enum class SearchStage { raw, normalized };

/// Immutable.
class AddedTokens {
 public:
  /// No two tokens of one stage have the same text. `special_hides`: the text of a special token that is not
  /// parsed hides what other tokens are in it (Hugging Face); else it is searched like any other (llama.cpp).
  AddedTokens(std::vector<AddedToken> tokens, bool special_hides);

  /// The tokens of one stage in a piece of text, from left to right. Matches may overlap where one takes
  /// white space that is itself a token, as in Hugging Face. O(text.size() · (longest token) · log(tokens)).
  std::vector<AddedTokenMatch> matches(std::string_view text, SearchStage stage, bool parse_special) const;

  /// Whether there is nothing but plain tokens of one stage: which stage does not matter then.
  bool is_plain() const;
  const std::vector<AddedToken>& tokens() const { return tokens_; }

  /// Longer added tokens are refused when a vocabulary is loaded: a match tries that many bytes per position.
  static constexpr std::size_t kMaxTokenBytes = 4096;

 private:
  /// Tokens sorted by their text, as places in tokens_, and the bytes that they begin with.
  struct Index {
    std::vector<std::size_t> tokens;
    std::bitset<256> first_bytes;
  };

  /// The token of an index that begins there, or null.
  const AddedToken* longest_at(const Index& index, std::string_view text, std::size_t position) const;

  std::vector<AddedToken> tokens_;
  bool special_hides_;
  std::array<Index, 2> all_, without_special_;  // by stage
};

}  // namespace conceptune::tokenizer
