#include "conceptune/runtime/jinja/python_numbers.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class PythonNumbersTest : public ::testing::Test {
 protected:
  Budget budget_;

  Text result(const Json& left, std::string_view name, const Json& right) {
    return str_of(budget_, calculate(budget_, name, value_of(budget_, left), value_of(budget_, right)));
  }
};

TEST_F(PythonNumbersTest, AreWrittenShortest) {
  for (const auto& [number, text] : {std::pair{0.0, "0.0"},
                                     {-0.0, "-0.0"},
                                     {1.0, "1.0"},
                                     {-2.5, "-2.5"},
                                     {0.1 + 0.2, "0.30000000000000004"},
                                     {1e15, "1000000000000000.0"},
                                     {1e16, "1e+16"},
                                     {123456789012345680.0, "1.2345678901234568e+17"},
                                     {0.0001, "0.0001"},
                                     {0.00012, "0.00012"},
                                     {0.00001, "1e-05"},
                                     {-1.5e-7, "-1.5e-07"},
                                     {5e-324, "5e-324"},
                                     {1.7976931348623157e308, "1.7976931348623157e+308"},
                                     {120.5, "120.5"}})
    EXPECT_EQ(repr_of(number), text);
}

TEST_F(PythonNumbersTest, AreReadAsPythonReadsThem) {
  EXPECT_EQ(parse_integer(budget_, " -4_2\u3000"), -42);
  EXPECT_EQ(parse_integer(budget_, "-9223372036854775808"), INT64_MIN);
  for (const char* text : {"", "-", "4.0", "1__0", "_1", "1_", "0x1", "+-1", "日", "1 2"})
    EXPECT_EQ(parse_integer(budget_, text), std::nullopt) << text;
  EXPECT_EQ(parse_number(budget_, " 1_0.5e1 "), 105.0);
  EXPECT_EQ(parse_number(budget_, ".5"), 0.5);
  for (const char* text : {"", ".", "1e", "0x1p3", "+-1", "1_.5", "nan(1)", "日"})
    EXPECT_EQ(parse_number(budget_, text), std::nullopt) << text;
}

TEST_F(PythonNumbersTest, AreRefusedBeyondTheirRange) {
  EXPECT_THROW(parse_integer(budget_, "9223372036854775808"), InputError);
  EXPECT_THROW(parse_integer(budget_, "٣"), InputError);
  for (const char* text : {"inf", "nan", "1e400", "-Infinity"})
    EXPECT_THROW(parse_number(budget_, text), InputError) << text;
  EXPECT_THROW(result(INT64_MAX, "+", 1), InputError);
  EXPECT_THROW(result(INT64_MIN, "//", -1), InputError);
  EXPECT_THROW(result(INT64_MIN, "%", -1), InputError);
  EXPECT_THROW(result(1e308, "*", 10), InputError);
  EXPECT_THROW(result(INT64_MAX, "/", 3), InputError);
}

TEST_F(PythonNumbersTest, AreDividedDownwards) {
  EXPECT_EQ(result(-7, "//", 2), "-4");
  EXPECT_EQ(result(-7, "%", 3), "2");
  EXPECT_EQ(result(7, "%", -3), "-2");
  EXPECT_EQ(result(-7.5, "//", 2), "-4.0");
  EXPECT_EQ(result(-7.5, "%", 2), "0.5");
  EXPECT_EQ(result(0.0, "%", -3), "-0.0");
  EXPECT_EQ(result(7, "/", 2), "3.5");
  EXPECT_EQ(result(6, "/", 3), "2.0");
  for (const char* name : {"/", "//", "%"}) {
    EXPECT_THROW(result(1, name, 0), InputError);
    EXPECT_THROW(result(1.5, name, 0), InputError);
  }
}

TEST_F(PythonNumbersTest, AreComparedExactly) {
  const Value large{std::int64_t{9007199254740993}}, near{9007199254740992.0};
  EXPECT_GT(compare_numbers(large, near), 0);
  EXPECT_LT(compare_numbers(near, large), 0);
  EXPECT_EQ(compare_numbers({true}, {1.0}), 0);
  EXPECT_LT(compare_numbers({INT64_MAX}, {0x1p63}), 0);
}

}  // namespace
}  // namespace conceptune::jinja
