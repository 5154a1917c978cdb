#include "conceptune/runtime/tokenizer/token_spans.h"

#include <algorithm>

#include "conceptune/runtime/tokenizer/unicode_class.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kWrittenSpace = "\u0120";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

bool is_space(std::string_view character, bool is_added) {
  if (!is_added) return character == " ";
  return character == kWrittenSpace ||
         character_at(character, 0, character_classes()).kind == CharacterClass::space;
}

/// The first or last character; of bytes that are no text, the first or last byte.
std::string_view character_at_end(std::string_view text, bool at_begin, bool is_added) {
  std::size_t size = 1;
  if (at_begin)
    while (is_added && size < text.size() && is_continuation(text[size])) ++size;
  else
    while (is_added && size < text.size() && is_continuation(text[text.size() - size])) ++size;
  return at_begin ? text.substr(0, size) : text.substr(text.size() - size);
}

std::uint32_t spaces_at(std::string_view text, bool at_begin, bool is_added) {
  std::uint32_t count = 0;
  for (; !text.empty(); ++count) {
    const std::string_view character = character_at_end(text, at_begin, is_added);
    if (!is_space(character, is_added)) break;
    text = at_begin ? text.substr(character.size()) : text.substr(0, text.size() - character.size());
  }
  return count;
}

}  // namespace

Span CharacterCounter::span_of(std::size_t begin, std::size_t end) {
  const std::uint32_t first = begun_before(begin) - (is_inside_character(begin) ? 1 : 0);
  return {first, begun_before(end)};
}

std::uint32_t CharacterCounter::begun_before(std::size_t position) {
  for (; position_ < position; ++position_) count_ += !is_inside_character(position_);
  while (position_ > position) count_ -= !is_inside_character(--position_);
  return count_;
}

Span trimmed(Span span, std::string_view text, bool is_added, OffsetTrim trim) {
  std::uint32_t leading = spaces_at(text, true, is_added);
  const std::uint32_t trailing = spaces_at(text, false, is_added);
  if (trim == OffsetTrim::all_but_first && span.begin == 0 && leading == 1) leading = 0;
  span.begin = std::min(span.begin + leading, span.end);
  span.end = std::max(span.end - std::min(trailing, span.end), span.begin);
  return span;
}

}  // namespace conceptune::tokenizer
