#include "conceptune/runtime/tokenizer/added_tokens.h"

#include <algorithm>

namespace conceptune::tokenizer {

AddedTokens::AddedTokens(const Vocabulary& vocabulary) {
  for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.size()); ++id) {
    const auto kind = vocabulary.kind(id);
    const std::string& text = vocabulary.bytes(id);
    if ((kind != TokenKind::added && kind != TokenKind::special) || text.empty()) continue;
    const auto first = static_cast<unsigned char>(text[0]);
    with_special_.push_back({text, id});
    first_bytes_with_special_.set(first);
    if (kind != TokenKind::added) continue;
    always_.push_back({text, id});
    first_bytes_always_.set(first);
  }
  std::ranges::sort(always_, {}, &Entry::text);
  std::ranges::sort(with_special_, {}, &Entry::text);
}

std::optional<AddedTokenMatch> AddedTokens::find(std::string_view text, std::size_t from,
                                                 bool parse_special) const {
  const auto& entries = parse_special ? with_special_ : always_;
  const auto& first_bytes = parse_special ? first_bytes_with_special_ : first_bytes_always_;
  if (entries.empty()) return std::nullopt;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (!first_bytes[static_cast<unsigned char>(text[i])]) continue;
    if (auto match = longest_at(entries, text, i)) return match;
  }
  return std::nullopt;
}

/// Narrows the sorted entries byte by byte to those that agree with the text so far.
std::optional<AddedTokenMatch> AddedTokens::longest_at(const Entries& entries, std::string_view text,
                                                       std::size_t position) {
  std::optional<AddedTokenMatch> longest;
  auto low = entries.begin();
  auto high = entries.end();
  for (std::size_t length = 0; position + length < text.size() && low != high; ++length) {
    const auto byte = static_cast<unsigned char>(text[position + length]);
    // Entries that end here sort first and cannot go on.
    const auto byte_at = [length](const Entry& entry) {
      return length < entry.text.size() ? static_cast<unsigned char>(entry.text[length]) : -1;
    };
    low = std::partition_point(low, high, [&](const Entry& entry) { return byte_at(entry) < byte; });
    high = std::partition_point(low, high, [&](const Entry& entry) { return byte_at(entry) == byte; });
    if (low != high && low->text.size() == length + 1) longest = {low->id, position, position + length + 1};
  }
  return longest;
}

}  // namespace conceptune::tokenizer
