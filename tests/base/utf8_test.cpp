#include "conceptune/base/utf8.h"

#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune {
namespace {

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_EQ(first_invalid_utf8("aé漢🦙"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("ab\xff"), 2U);
  EXPECT_EQ(first_invalid_utf8("\xc0\x80"), 0U) << "overlong";
  EXPECT_EQ(first_invalid_utf8("\xed\xa0\x80"), 0U) << "surrogate";
  EXPECT_EQ(first_invalid_utf8("\xf4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(first_invalid_utf8("a\xe2\x82"), 1U) << "cut short";
}

TEST(Utf8, DecodesWhatItEncodes) {
  for (char32_t c :
       {U'\0', U'a', U'\x7f', U'\x80', U'é', U'\x7ff', U'\x800', U'漢', U'\xffff', U'🦙', U'\x10ffff'}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(first_invalid_utf8(text), std::nullopt);
    EXPECT_EQ(decode_utf8(text), std::u32string(1, c));
  }
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(count_code_points("aé🦙"), 3U);
  EXPECT_EQ(code_point_index_of_bytes("aé!"), (std::vector<std::uint32_t>{0, 1, 2, 2, 3}));
}

TEST(Utf8, KnowsPythonsWhiteSpace) {
  const Json golden = read_json_file(test::source("tests/reference/text_readers.json"), "test");
  std::vector<std::uint32_t> spaces;
  for (char32_t c = 0; c <= 0x10FFFF; ++c)
    if (is_python_space(c)) spaces.push_back(c);
  EXPECT_EQ(spaces, golden.at("spaces").get<std::vector<std::uint32_t>>());
}

TEST(Utf8, StripsAsPython) {
  EXPECT_EQ(python_strip("\u00a0 \u3000\x1c caf\u00e9\u2003x\u200b\u2029\n"), "caf\u00e9\u2003x\u200b");
  EXPECT_EQ(python_rstrip(" a\u00a0\v"), " a");
  for (const char* blank : {"", " ", "\u00a0", "\u3000\u3000\t"}) EXPECT_EQ(python_strip(blank), "") << blank;
  EXPECT_EQ(python_strip("\ufeffa"), "\ufeffa") << "the byte-order mark is no white space";
}

}  // namespace
}  // namespace conceptune
