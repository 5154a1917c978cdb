#include "conceptune/runtime/tokenizer/byte_alphabet.h"

#include <array>

#include "conceptune/base/utf8.h"

namespace conceptune::tokenizer {
namespace {

/// Bytes that print as themselves in Latin-1; the others get characters from U+0100 on, in order.
constexpr bool stands_for_itself(int byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

constexpr std::array<char32_t, 256> make_characters() {
  std::array<char32_t, 256> characters{};
  char32_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte)
    characters[byte] = stands_for_itself(byte) ? static_cast<char32_t>(byte) : next++;
  return characters;
}

constexpr auto kCharacterOfByte = make_characters();
constexpr std::size_t kCharacters = 0x144;  // all are below

constexpr std::array<std::int16_t, kCharacters> make_bytes() {
  std::array<std::int16_t, kCharacters> bytes{};
  bytes.fill(-1);
  for (int byte = 0; byte < 256; ++byte) bytes[kCharacterOfByte[byte]] = static_cast<std::int16_t>(byte);
  return bytes;
}

constexpr auto kByteOfCharacter = make_bytes();

}  // namespace

std::optional<std::string> bytes_of_written(std::string_view written) {
  std::string bytes;
  bytes.reserve(written.size());
  for (std::size_t i = 0; i < written.size();) {
    const auto [value, size] = code_point_at(written, i);
    if (value >= kCharacters || kByteOfCharacter[value] < 0) return std::nullopt;
    bytes += static_cast<char>(kByteOfCharacter[value]);
    i += size;
  }
  return bytes;
}

std::string written_form(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) append_utf8(text, kCharacterOfByte[static_cast<unsigned char>(byte)]);
  return text;
}

}  // namespace conceptune::tokenizer
