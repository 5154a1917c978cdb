// UTF-8: decoding, validation, and offsets counted in characters (Unicode code points).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune {

/// U+FEFF at a text's begin marks its encoding and is not part of it.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Byte position of the first invalid sequence (overlong forms, surrogates and values above U+10FFFF are
/// invalid too), or nothing when all of `text` is valid UTF-8.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// One decoded character.
struct CodePoint {
  char32_t value;
  std::uint32_t size;  // bytes, 1 to 4
};

/// The character that begins at byte `position` of valid UTF-8. position < text.size().
CodePoint code_point_at(std::string_view text, std::size_t position);

/// All characters of valid UTF-8.
std::u32string decode_utf8(std::string_view text);

/// Appends a character's UTF-8 bytes. `value` is a Unicode scalar value.
void append_utf8(std::string& text, char32_t value);
std::string encode_utf8(std::u32string_view text);

/// Number of characters in valid UTF-8.
std::size_t count_code_points(std::string_view text);

/// Python's str.isspace() for one character.
bool is_python_space(char32_t character);

/// Python's str.strip() and str.rstrip(): valid UTF-8 without the white space at its ends, or at its end.
std::string_view python_strip(std::string_view text);
std::string_view python_rstrip(std::string_view text);

/// For each byte position 0..size, how many characters begin before it: converts byte offsets to characters.
std::vector<std::uint32_t> code_point_index_of_bytes(std::string_view text);

}  // namespace conceptune
