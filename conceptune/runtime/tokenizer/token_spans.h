// Where tokens lie in their text, in characters.
#pragma once

#include <cstdint>
#include <string_view>

#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::tokenizer {

/// Turns byte positions into character spans; fast where they are asked in rising order.
class CharacterCounter {
 public:
  /// Valid UTF-8, which must outlive the object.
  explicit CharacterCounter(std::string_view text) : text_(text) {}

  /// The characters of bytes begin to end; a part of a character counts as the whole.
  Span span_of(std::size_t begin, std::size_t end);

 private:
  bool is_inside_character(std::size_t position) const {
    return position < text_.size() && (static_cast<unsigned char>(text_[position]) & 0xc0) == 0x80;
  }
  /// How many characters begin before a byte position.
  std::uint32_t begun_before(std::size_t position);

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t count_ = 0;
};

/// A span without the white space at the ends of what its token stands for. Of a token that merges made,
/// `text` is its bytes, and spaces alone are left out; of an added token, the text that it took, and all
/// white space is, as well as U+0120, which a space is written as in byte-level vocabularies.
Span trimmed(Span span, std::string_view text, bool is_added, OffsetTrim trim);

}  // namespace conceptune::tokenizer
