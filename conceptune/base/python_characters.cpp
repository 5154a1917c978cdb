#include "conceptune/base/python_characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/case_tables.h"
#include "conceptune/base/utf8.h"

namespace conceptune::python {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3, kSmallSigma = 0x3C3, kFinalSigma = 0x3C2;
constexpr char32_t kCapitalIWithDot = 0x130, kDotAbove = 0x307;

bool contains(std::span<const CharacterRange> ranges, char32_t c) {
  const auto after = std::ranges::upper_bound(ranges, c, {}, &CharacterRange::first);
  return after != ranges.begin() && c <= std::prev(after)->last;
}

utf8proc_category_t category_of(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

char32_t mapped(utf8proc_int32_t (*mapping)(utf8proc_int32_t), char32_t c) {
  return static_cast<char32_t>(mapping(static_cast<utf8proc_int32_t>(c)));
}

void append(std::pmr::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else {
    std::string bytes;
    append_utf8(bytes, c);
    text += bytes;
  }
}

const LongerCase* longer_case(char32_t c) {
  const auto found = std::ranges::lower_bound(longer_cases(), c, {}, &LongerCase::character);
  return c >= 0x80 && found != longer_cases().end() && found->character == c ? &*found : nullptr;
}

void append_all(std::pmr::string& text, const char32_t (&characters)[3]) {
  for (const auto c : characters)
    if (c) append(text, c);
}

void append_upper(char32_t c, std::pmr::string& result) {
  if (const auto* longer = longer_case(c)) return append_all(result, longer->upper);
  append(result, mapped(utf8proc_toupper, c));
}

void append_title(char32_t c, std::pmr::string& result) {
  if (const auto* longer = longer_case(c)) return append_all(result, longer->title);
  append(result, mapped(utf8proc_totitle, c));
}

bool is_cased(char32_t c) { return is_lower(c) || is_upper(c) || is_title(c); }

bool is_case_ignorable(char32_t c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return contains(other_case_ignorable(), c);
  }
}

/// The character that ends before byte `end` of the text, which is not its beginning.
CodePoint code_point_before(std::string_view text, std::size_t end) {
  do --end;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80);
  return code_point_at(text, end);
}

/// Unicode's Final_Sigma: a cased character before, none after, case-ignorable ones skipped.
bool is_final_sigma(std::string_view text, std::size_t begin, std::size_t end) {
  bool after_cased = false;
  while (begin > 0 && !after_cased) {
    const auto c = code_point_before(text, begin);
    if (!is_case_ignorable(c.value)) {
      if (!is_cased(c.value)) return false;
      after_cased = true;
    }
    begin -= c.size;
  }
  while (after_cased && end < text.size()) {
    const auto c = code_point_at(text, end);
    if (!is_case_ignorable(c.value)) return !is_cased(c.value);
    end += c.size;
  }
  return after_cased;
}

/// The lower case of the character at a byte of the text.
void append_lower_at(std::string_view text, std::size_t begin, CodePoint c, std::pmr::string& result) {
  if (c.value == kCapitalIWithDot) {
    append(result, U'i');
    append(result, kDotAbove);
  } else if (c.value == kCapitalSigma) {
    append(result, is_final_sigma(text, begin, begin + c.size) ? kFinalSigma : kSmallSigma);
  } else {
    append(result, mapped(utf8proc_tolower, c.value));
  }
}

/// Calls use(byte, character) for every character.
template <class Use>
void for_each(std::string_view text, Use use) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = code_point_at(text, i);
    use(i, c);
    i += c.size;
  }
}

/// Whether there are cased characters and all of them are of one case.
bool is_of_case(std::string_view text, bool (*belongs)(char32_t), bool (*other)(char32_t)) {
  bool found = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = code_point_at(text, i);
    if (other(c.value) || is_title(c.value)) return false;
    found = found || belongs(c.value);
    i += c.size;
  }
  return found;
}

}  // namespace

bool is_alpha(char32_t c) {
  const auto category = category_of(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_decimal(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_ND; }
bool is_digit(char32_t c) { return is_decimal(c) || contains(other_digits(), c); }

bool is_printable(char32_t c) {
  const auto category = category_of(c);
  return c == ' ' || (category != UTF8PROC_CATEGORY_CN && category < UTF8PROC_CATEGORY_ZS);
}

bool is_lower(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_LL || contains(other_lower(), c); }
bool is_upper(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_LU || contains(other_upper(), c); }
bool is_title(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_LT; }

void append_upper(std::string_view text, std::pmr::string& result) {
  for_each(text, [&](std::size_t, CodePoint c) { append_upper(c.value, result); });
}

void append_lower(std::string_view text, std::pmr::string& result) {
  for_each(text, [&](std::size_t i, CodePoint c) { append_lower_at(text, i, c, result); });
}

void append_swapcase(std::string_view text, std::pmr::string& result) {
  for_each(text, [&](std::size_t i, CodePoint c) {
    if (is_upper(c.value)) {
      append_lower_at(text, i, c, result);
    } else if (is_lower(c.value)) {
      append_upper(c.value, result);
    } else {
      append(result, c.value);
    }
  });
}

void append_capitalize(std::string_view text, std::pmr::string& result) {
  for_each(text, [&](std::size_t i, CodePoint c) {
    if (i == 0) return append_title(c.value, result);
    append_lower_at(text, i, c, result);
  });
}

void append_title(std::string_view text, std::pmr::string& result) {
  bool after_cased = false;
  for_each(text, [&](std::size_t i, CodePoint c) {
    if (after_cased) {
      append_lower_at(text, i, c, result);
    } else {
      append_title(c.value, result);
    }
    after_cased = is_cased(c.value);
  });
}

bool is_lower_text(std::string_view text) { return is_of_case(text, is_lower, is_upper); }
bool is_upper_text(std::string_view text) { return is_of_case(text, is_upper, is_lower); }

}  // namespace conceptune::python
