#include "conceptune/words/english/word_types.h"

#include "conceptune/words/english/python_text.h"

namespace conceptune::words {

WordTypes::WordTypes(const WordNorms& norms, const TokenEncoder& encoder, const AttributeRuler& ruler)
    : norms_(norms), encoder_(encoder), ruler_(ruler) {}

void WordTypes::look_up(std::string_view text, const std::vector<WordPiece>& pieces,
                        std::vector<std::uint32_t>& types) {
  if (numbers_.size() > kMaxTypes) {
    numbers_.clear();
    embeddings_.clear();
    lower_.clear();
    is_space_.clear();
  }
  types.clear();
  std::vector<WordFeatures> unknown;
  for (const WordPiece& piece : pieces)
    types.push_back(number_of(text.substr(piece.begin, piece.size), piece, unknown));
  const std::size_t known = embeddings_.size();
  embeddings_.resize(numbers_.size() * TokenEncoder::kWidth);
  encoder_.embed(unknown, embeddings_.data() + known);
}

std::uint32_t WordTypes::number_of(std::string_view word, const WordPiece& piece,
                                   std::vector<WordFeatures>& unknown) {
  // Two words are one type when their features are equal: spelling, prescribed norm, space after.
  key_.assign(word);
  key_ += piece.space_after ? '\1' : '\0';
  if (piece.norm != nullptr) key_ += *piece.norm;
  const auto next = static_cast<std::uint32_t>(numbers_.size());
  const auto [entry, is_new] = numbers_.try_emplace(key_, next);
  if (is_new) {
    unknown.push_back(word_features(word, piece.norm, piece.space_after, norms_));
    lower_.push_back(ruler_.symbol(python_lower(word)));
    is_space_.push_back(is_all_python_space(word));
  }
  return entry->second;
}

}  // namespace conceptune::words
