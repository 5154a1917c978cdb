#include "conceptune/base/visible_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

std::string text_of(char32_t character) {
  std::string text;
  append_utf8(text, character);
  return text;
}

std::set<char32_t> obeyed_characters() {
  std::set<char32_t> obeyed = {0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c,
                               0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x7f};
  for (char32_t c = 0; c < 0x20; ++c) obeyed.insert(c);
  for (char32_t c = 0x80; c < 0xa0; ++c) obeyed.insert(c);
  return obeyed;
}

TEST(VisibleText, WritesOutWhatATerminalWouldObey) {
  EXPECT_EQ(visible_text("\x1b[2J"), "\\u001b[2J");
  EXPECT_EQ(visible_text("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(visible_text(std::string_view("\0\a\x7f", 3)), "\\u0000\\u0007\\u007f");
  EXPECT_EQ(visible_text("\u009b31m"), "\\u009b31m");  // CSI in one character
  EXPECT_EQ(visible_text("user\u202eeman"), "user\\u202eeman");
  EXPECT_EQ(visible_text("a\u2028b\u2029c"), "a\\u2028b\\u2029c");
}

TEST(VisibleText, TouchesNoOtherCharacter) {
  const auto obeyed = obeyed_characters();
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const std::string text = text_of(c);
    ASSERT_EQ(visible_text(text) == text, !obeyed.contains(c))
        << fmt::format("U+{:04X}", static_cast<int>(c));
  }
  const std::string plain = "a\\b \"é\" \u200d\u200c 日本 👩‍👩‍👧 \\u001b";
  EXPECT_EQ(visible_text(plain), plain);
  EXPECT_EQ(visible_text(""), "");
}

TEST(VisibleText, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(visible_text("\x9b"
                         "31m"),
            "\\x9b31m");  // CSI where a terminal reads bytes
  EXPECT_EQ(visible_text("a\xff\xfe"), "a\\xff\\xfe");
  EXPECT_EQ(visible_text("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(visible_text("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(visible_text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(visible_text("\xe2\x80\x1b"), "\\xe2\\x80\\u001b");  // cut off by a control character
  EXPECT_EQ(visible_text("é\xc3"), "é\\xc3");
}

TEST(VisibleText, TwiceIsOnce) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (const char32_t c : obeyed_characters()) append_utf8(bytes, c);
  const std::string once = visible_text(bytes);
  EXPECT_FALSE(first_invalid_utf8(once));
  EXPECT_EQ(visible_text(once), once);
}

TEST(VisibleText, LeavesTheMeaningOfJson) {
  Json value = Json::object();
  for (const char32_t c : obeyed_characters())
    value[text_of(c)] = std::string("\\").append(text_of(c)).append("\"");
  const std::string shown = visible_text(to_json_text(value));
  for (const char32_t c : obeyed_characters()) EXPECT_EQ(shown.find(text_of(c)), std::string::npos);
  EXPECT_EQ(parse_json(shown, "test", "text"), value);
}

TEST(VisibleLines, LeaveLineFeedsAlone) {
  EXPECT_EQ(visible_lines("a\n\x1b\r\n\u0085"), "a\n\\u001b\\r\n\\u0085");
}

}  // namespace
}  // namespace conceptune
