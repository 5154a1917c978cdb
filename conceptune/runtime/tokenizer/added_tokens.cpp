#include "conceptune/runtime/tokenizer/added_tokens.h"

#include <utf8proc.h>

#include <algorithm>

#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/unicode_class.h"

namespace conceptune::tokenizer {
namespace {

/// \w of Rust's regular expressions: alphabetic characters, marks, decimal digits, connectors, joiners.
/// Categories are utf8proc's.
bool is_word_character(char32_t character) {
  constexpr CodePointRange kCircledLetters[] = {
      {0x24B6, 0x24E9}, {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189}};
  const auto is_in = [character](CodePointRange range) {
    return range.first <= character && character <= range.last;
  };
  if (character == 0x200C || character == 0x200D || std::ranges::any_of(kCircledLetters, is_in)) return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(character))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return character_classes()[character] == CharacterClass::letter;
  }
}

/// Where the character that ends before `end` begins. end > 0.
std::size_t previous(std::string_view text, std::size_t end) {
  do --end;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
  return end;
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  return (begin == 0 || !is_word_character(code_point_at(text, previous(text, begin)).value)) &&
         (end == text.size() || !is_word_character(code_point_at(text, end).value));
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, bool special_hides)
    : tokens_(std::move(tokens)), special_hides_(special_hides) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const AddedToken& token = tokens_[i];
    if (token.text.empty()) continue;
    for (auto* indices : {&all_, &without_special_}) {
      if (indices == &without_special_ && token.special) continue;
      Index& index = (*indices)[token.normalized ? 1 : 0];
      index.tokens.push_back(i);
      index.first_bytes.set(static_cast<unsigned char>(token.text[0]));
    }
  }
  for (auto* indices : {&all_, &without_special_})
    for (Index& index : *indices)
      std::ranges::sort(index.tokens, {},
                        [this](std::size_t i) -> std::string_view { return tokens_[i].text; });
}

std::vector<AddedTokenMatch> AddedTokens::matches(std::string_view text, SearchStage stage,
                                                  bool parse_special) const {
  const Index& index =
      (parse_special || special_hides_ ? all_ : without_special_)[stage == SearchStage::normalized ? 1 : 0];
  std::vector<AddedTokenMatch> found;
  if (index.tokens.empty()) return found;
  std::size_t taken = 0;  // by the matches so far
  for (std::size_t i = 0; i < text.size();) {
    const AddedToken* token =
        index.first_bytes[static_cast<unsigned char>(text[i])] ? longest_at(index, text, i) : nullptr;
    if (!token) {
      ++i;
      continue;
    }
    std::size_t begin = i, end = i + token->text.size();
    i = end;  // what is found and not taken hides what is in it
    if ((token->special && !parse_special) || (token->single_word && !stands_alone(text, begin, end)))
      continue;
    const CharacterClass* const classes = character_classes();
    const auto is_space = [&](std::size_t at) {
      return character_at(text, at, classes).kind == CharacterClass::space;
    };
    if (token->lstrip) begin = std::max(begin, std::min(taken, end));
    if (token->lstrip)
      while (begin > taken && is_space(previous(text, begin))) begin = previous(text, begin);
    if (token->rstrip)
      while (end < text.size() && is_space(end)) end += character_at(text, end, classes).size;
    found.push_back({token->id, begin, end});
    taken = end;
  }
  return found;
}

bool AddedTokens::is_plain() const {
  return std::ranges::all_of(tokens_, [this](const AddedToken& token) {
    return token.normalized == tokens_.front().normalized && !token.single_word && !token.lstrip &&
           !token.rstrip;
  });
}

/// Narrows the sorted tokens byte by byte to those that agree with the text so far.
const AddedToken* AddedTokens::longest_at(const Index& index, std::string_view text,
                                          std::size_t position) const {
  const AddedToken* longest = nullptr;
  auto low = index.tokens.begin();
  auto high = index.tokens.end();
  for (std::size_t length = 0; position + length < text.size() && low != high; ++length) {
    const auto byte = static_cast<unsigned char>(text[position + length]);
    // Tokens that end here sort first and cannot go on.
    const auto byte_at = [&](std::size_t token) {
      const std::string& written = tokens_[token].text;
      return length < written.size() ? static_cast<unsigned char>(written[length]) : -1;
    };
    low = std::partition_point(low, high, [&](std::size_t token) { return byte_at(token) < byte; });
    high = std::partition_point(low, high, [&](std::size_t token) { return byte_at(token) == byte; });
    if (low != high && tokens_[*low].text.size() == length + 1) longest = &tokens_[*low];
  }
  return longest;
}

}  // namespace conceptune::tokenizer
