#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

bool is_continuation(unsigned char c) { return (c & 0xc0) == 0x80; }

/// Length of the valid sequence at the start of `s`, or 0. Table 3-7 of the Unicode standard.
std::size_t valid_sequence_length(std::string_view s) {
  const auto byte = [&](std::size_t i) -> unsigned char { return i < s.size() ? s[i] : 0; };
  const unsigned char c = byte(0);
  if (c < 0x80) return 1;
  if (c >= 0xc2 && c <= 0xdf) return is_continuation(byte(1)) ? 2 : 0;
  if (c >= 0xe0 && c <= 0xef) {
    const unsigned char low = c == 0xe0 ? 0xa0 : 0x80;
    const unsigned char high = c == 0xed ? 0x9f : 0xbf;
    return byte(1) >= low && byte(1) <= high && is_continuation(byte(2)) ? 3 : 0;
  }
  if (c >= 0xf0 && c <= 0xf4) {
    const unsigned char low = c == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = c == 0xf4 ? 0x8f : 0xbf;
    return byte(1) >= low && byte(1) <= high && is_continuation(byte(2)) && is_continuation(byte(3)) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t n = valid_sequence_length(text.substr(i));
    if (n == 0) return i;
    i += n;
  }
  return std::nullopt;
}

CodePoint code_point_at(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const unsigned char c = byte(0);
  if (c < 0x80) return {c, 1};
  if (c < 0xe0) return {static_cast<char32_t>((c & 0x1f) << 6 | (byte(1) & 0x3f)), 2};
  if (c < 0xf0)
    return {static_cast<char32_t>((c & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f)), 3};
  return {static_cast<char32_t>((c & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 |
                                (byte(3) & 0x3f)),
          4};
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    result += c.value;
    i += c.size;
  }
  return result;
}

void append_utf8(std::string& text, char32_t value) {
  if (value < 0x80) {
    text += static_cast<char>(value);
  } else if (value < 0x800) {
    text += static_cast<char>(0xc0 | value >> 6);
    text += static_cast<char>(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    text += static_cast<char>(0xe0 | value >> 12);
    text += static_cast<char>(0x80 | (value >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (value & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | value >> 18);
    text += static_cast<char>(0x80 | (value >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (value >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (value & 0x3f));
  }
}

std::string encode_utf8(std::u32string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char32_t c : text) append_utf8(result, c);
  return result;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (unsigned char c : text) count += !is_continuation(c);
  return count;
}

bool is_python_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view python_rstrip(std::string_view text) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && is_continuation(static_cast<unsigned char>(text[begin]))) --begin;
    if (!is_python_space(code_point_at(text, begin).value)) break;
    text.remove_suffix(text.size() - begin);
  }
  return text;
}

std::string_view python_strip(std::string_view text) {
  while (!text.empty()) {
    const CodePoint first = code_point_at(text, 0);
    if (!is_python_space(first.value)) break;
    text.remove_prefix(first.size);
  }
  return python_rstrip(text);
}

std::vector<std::uint32_t> code_point_index_of_bytes(std::string_view text) {
  std::vector<std::uint32_t> index(text.size() + 1);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    index[i] = count;
    count += !is_continuation(static_cast<unsigned char>(text[i]));
  }
  index[text.size()] = count;
  return index;
}

}  // namespace conceptune
