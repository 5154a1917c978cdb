#include "conceptune/words/python_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/utf8.h"

namespace conceptune::words {
namespace {

struct Interval {
  char32_t first, last;
};

template <std::size_t N>
bool contains(const Interval (&intervals)[N], char32_t character) {
  const auto* after = std::upper_bound(std::begin(intervals), std::end(intervals), character,
                                       [](char32_t c, const Interval& i) { return c < i.first; });
  return after != std::begin(intervals) && character <= std::prev(after)->last;
}

utf8proc_category_t category_of(char32_t character) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(character));
}

// Numeric_Type=Digit: digits that are no decimal digits (category Nd), such as superscripts.
constexpr Interval kOtherDigits[] = {
    {0xB2, 0xB3},     {0xB9, 0xB9},       {0x1369, 0x1371},   {0x19DA, 0x19DA},   {0x2070, 0x2070},
    {0x2074, 0x2079}, {0x2080, 0x2089},   {0x2460, 0x2468},   {0x2474, 0x247C},   {0x2488, 0x2490},
    {0x24EA, 0x24EA}, {0x24F5, 0x24FD},   {0x24FF, 0x24FF},   {0x2776, 0x277E},   {0x2780, 0x2788},
    {0x278A, 0x2792}, {0x10A40, 0x10A43}, {0x10E60, 0x10E68}, {0x11052, 0x1105A}, {0x1F100, 0x1F10A}};

bool is_digit(char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_ND || contains(kOtherDigits, c); }

// Unicode's Cased beyond categories Lu, Ll, Lt, without what is Case_Ignorable too.
constexpr Interval kOtherCased[] = {{0xAA, 0xAA},      {0xBA, 0xBA},       {0x2160, 0x217F},
                                    {0x24B6, 0x24E9},  {0x1F130, 0x1F149}, {0x1F150, 0x1F169},
                                    {0x1F170, 0x1F189}};

bool is_cased(char32_t c) {
  const auto category = category_of(c);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT || contains(kOtherCased, c);
}

// Unicode's Word_Break values MidLetter, MidNumLet and Single_Quote, which are Case_Ignorable.
constexpr Interval kMidWord[] = {{0x27, 0x27},     {0x2E, 0x2E},     {0x3A, 0x3A},     {0xB7, 0xB7},
                                 {0x387, 0x387},   {0x55F, 0x55F},   {0x5F4, 0x5F4},   {0x2018, 0x2019},
                                 {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13}, {0xFE52, 0xFE52},
                                 {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1A}};

bool is_case_ignorable(char32_t c) {
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return contains(kMidWord, c);
  }
}

/// Unicode's Final_Sigma condition: a cased character before, none after, case-ignorable ones skipped.
bool is_final_sigma(std::u32string_view text, std::size_t position) {
  const auto cased_first = [](auto begin, auto end) {
    const auto found = std::find_if_not(begin, end, is_case_ignorable);
    return found != end && is_cased(*found);
  };
  const auto here = text.begin() + static_cast<std::ptrdiff_t>(position);
  return cased_first(std::make_reverse_iterator(here), text.rend()) && !cased_first(here + 1, text.end());
}

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kCapitalIWithDot = 0x130;

std::string lower_beyond_ascii(std::string_view utf8) {
  const std::u32string text = decode_utf8(utf8);
  std::string lower;
  lower.reserve(utf8.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kCapitalIWithDot) {
      lower += "i\u0307";
    } else if (text[i] == kCapitalSigma) {
      append_utf8(lower, is_final_sigma(text, i) ? kFinalSigma : kSmallSigma);
    } else {
      append_utf8(lower, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(text[i]))));
    }
  }
  return lower;
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
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_LU:
      return U'X';
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return U'x';
    default:
      return is_digit(c) ? U'd' : c;
  }
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
  switch (category_of(c)) {
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
