#include "conceptune/words/english/python_text.h"

#include <utf8proc.h>

#include <algorithm>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"

namespace conceptune::words {
namespace {

std::string lower_beyond_ascii(std::string_view utf8) {
  std::pmr::string lower;
  python::append_lower(utf8, lower);
  return std::string(lower);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char32_t shape_of(char32_t c) {
  if (c < 0x80) {
    if (c >= 'a' && c <= 'z') return U'x';
    if (c >= 'A' && c <= 'Z') return U'X';
    return c >= '0' && c <= '9' ? U'd' : c;
  }
  if (python::is_alpha(c)) return python::is_upper(c) ? U'X' : U'x';
  return python::is_digit(c) ? U'd' : c;
}

}  // namespace

bool is_all_python_space(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size();) {
    const CodePoint c = code_point_at(utf8, i);
    if (!is_python_space(c.value)) return false;
    i += c.size;
  }
  return !utf8.empty();
}

bool is_punctuation(char32_t c) {
  constexpr std::u32string_view kAscii = U"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  if (c < 0x80) return kAscii.find(c) != kAscii.npos;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return true;
    default:
      return false;
  }
}

std::string python_lower(std::string_view utf8) {
  if (!is_ascii(utf8)) return lower_beyond_ascii(utf8);
  std::string lower(utf8);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

std::string word_shape(std::string_view utf8) {
  constexpr std::size_t kLong = 100;
  constexpr int kMaxRun = 4;
  if (utf8.size() >= kLong && count_code_points(utf8) >= kLong) return "LONG";
  std::string shape;
  char32_t last = 0;
  int run = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const CodePoint c = code_point_at(utf8, i);
    i += c.size;
    const char32_t kind = shape_of(c.value);
    run = kind == last ? run + 1 : 1;
    last = kind;
    if (run <= kMaxRun) append_utf8(shape, kind);
  }
  return shape;
}

std::string_view word_prefix(std::string_view utf8) {
  return utf8.empty() ? utf8 : utf8.substr(0, code_point_at(utf8, 0).size);
}

std::string_view word_suffix(std::string_view utf8) {
  constexpr int kLength = 3;
  std::size_t begin = utf8.size();
  for (int characters = 0; begin > 0 && characters < kLength; ++characters) {
    do --begin;
    while (begin > 0 && (static_cast<unsigned char>(utf8[begin]) & 0xC0U) == 0x80);
  }
  return utf8.substr(begin);
}

}  // namespace conceptune::words
