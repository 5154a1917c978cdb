// Distinct words met so far, with all that depends on nothing but the word itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/words/english/attribute_ruler.h"
#include "conceptune/words/english/string_map.h"
#include "conceptune/words/english/token_encoder.h"
#include "conceptune/words/english/word_features.h"
#include "conceptune/words/english/word_norms.h"
#include "conceptune/words/english/word_tokenizer.h"

namespace conceptune::words {

/// Belongs to one thread. The referenced parts must outlive it.
class WordTypes {
 public:
  WordTypes(const WordNorms& norms, const TokenEncoder& encoder, const AttributeRuler& ruler);

  /// Numbers of a document's words, whose data are there when the call returns and stay until the next call.
  void look_up(std::string_view text, const std::vector<WordPiece>& pieces,
               std::vector<std::uint32_t>& types);

  /// The word's vector without context, TokenEncoder::kWidth floats.
  const float* embedding(std::uint32_t type) const {
    return embeddings_.data() + type * TokenEncoder::kWidth;
  }
  /// The word in lower case, as the ruler sees it.
  AttributeRuler::Symbol lower(std::uint32_t type) const { return lower_[type]; }
  bool is_space(std::uint32_t type) const { return is_space_[type]; }

  /// 96 floats each: 25 MB. Beyond it the collection starts afresh with the next document.
  static constexpr std::size_t kMaxTypes = std::size_t{1} << 16;

 private:
  std::uint32_t number_of(std::string_view word, const WordPiece& piece, std::vector<WordFeatures>& unknown);

  const WordNorms& norms_;
  const TokenEncoder& encoder_;
  const AttributeRuler& ruler_;
  StringMap<std::uint32_t> numbers_;
  std::string key_;
  std::vector<float> embeddings_;
  std::vector<AttributeRuler::Symbol> lower_;
  std::vector<bool> is_space_;
};

}  // namespace conceptune::words
