#include "conceptune/runtime/jinja/literals.h"

#include <gtest/gtest.h>

namespace conceptune::jinja {
namespace {

TEST(Literals, FindNumbersAsJinja) {
  const auto number_in = [](std::string_view text) { return std::string(number_literal(text, 0)); };
  EXPECT_EQ(number_in("1_000x"), "1_000");
  EXPECT_EQ(number_in("1__0"), "1");
  EXPECT_EQ(number_in("007"), "00");
  EXPECT_EQ(number_in("0x_1F."), "0x_1F");
  EXPECT_EQ(number_in("0b2"), "0");
  EXPECT_EQ(number_in("1.5e-7e"), "1.5e-7");
  EXPECT_EQ(number_in("1.e5"), "1");
  EXPECT_EQ(number_in("1e+"), "1");
  EXPECT_EQ(number_in("x1"), "");
  EXPECT_EQ(number_literal("a.0.1", 2), "0");  // after a point: an index
}

TEST(Literals, PutNumbersInBaseTen) {
  EXPECT_EQ(plain_number("0x1f"), "31");
  EXPECT_EQ(plain_number("0b1_1"), "3");
  EXPECT_EQ(plain_number("1_0.5e1"), "10.5e1");
  EXPECT_EQ(plain_number("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(plain_number("9223372036854775808"), std::nullopt);
  EXPECT_EQ(plain_number("1e400"), std::nullopt);
}

TEST(Literals, FindTheEndOfStrings) {
  EXPECT_EQ(end_of_string(R"('a\'b'c)", 0), 5U);
  EXPECT_EQ(end_of_string(R"("a'b")", 0), 4U);
  EXPECT_EQ(end_of_string(R"('a\')", 0), std::string_view::npos);
}

TEST(Literals, UnescapeAsPython) {
  const auto value_of = [](std::string_view literal) {
    std::string value, problem;
    return unescape(literal, value, problem) ? value : "! " + problem;
  };
  EXPECT_EQ(value_of(R"(\n\t\\\'\"\x41\u00e9\U0001F600\101\7\q)"), "\n\t\\'\"Aé😀A\a\\q");
  EXPECT_EQ(value_of("a\\\nb"), "ab");
  EXPECT_EQ(value_of(std::string(R"(\0)")), std::string(1, '\0'));
  for (const char* literal : {R"(\x4)", R"(\u12)", R"(\U00110000)", R"(\ud83d)", R"(\N{DASH})", "\\é"})
    EXPECT_EQ(value_of(literal)[0], '!') << literal;
}

}  // namespace
}  // namespace conceptune::jinja
