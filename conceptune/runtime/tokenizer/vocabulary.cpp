#include "conceptune/runtime/tokenizer/vocabulary.h"

#include <bit>
#include <functional>

namespace conceptune::tokenizer {
namespace {

std::uint32_t hash_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(bytes));
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens, std::vector<TokenKind> kinds,
                       const std::vector<TokenId>& pieces_too)
    : tokens_(std::move(tokens)), kinds_(std::move(kinds)), slots_(std::bit_ceil(2 * tokens_.size() + 1)) {
  for (std::size_t id = 0; id < tokens_.size(); ++id)
    if (kinds_[id] == TokenKind::normal) place(static_cast<TokenId>(id));
  for (const TokenId id : pieces_too) place(id);
}

void Vocabulary::place(TokenId id) {
  const std::string& bytes = tokens_[static_cast<std::size_t>(id)];
  if (find(bytes) >= 0) return;
  const std::size_t mask = slots_.size() - 1;
  const auto hash = hash_of(bytes);
  std::size_t i = hash & mask;
  while (slots_[i].id >= 0) i = (i + 1) & mask;
  slots_[i] = {hash, id};
}

TokenId Vocabulary::find(std::string_view bytes) const {
  const std::size_t mask = slots_.size() - 1;
  const auto hash = hash_of(bytes);
  for (std::size_t i = hash & mask; slots_[i].id >= 0; i = (i + 1) & mask)
    if (slots_[i].hash == hash && tokens_[static_cast<std::size_t>(slots_[i].id)] == bytes)
      return slots_[i].id;
  return -1;
}

}  // namespace conceptune::tokenizer
