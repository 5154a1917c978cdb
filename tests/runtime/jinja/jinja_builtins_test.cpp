#include "conceptune/runtime/jinja/jinja_builtins.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

JinjaValue of(Json value) { return jinja_value(std::move(value)); }

TEST(JinjaBuiltins, KnowsPythonsTruth) {
  for (const Json& value : {Json(nullptr), Json(false), Json(0), Json(""), Json::array(), Json::object()})
    EXPECT_FALSE(is_true(of(value))) << value;
  for (const Json& value : {Json(true), Json(-1), Json("0"), Json::array({nullptr})})
    EXPECT_TRUE(is_true(of(value))) << value;
  EXPECT_FALSE(is_true(nullptr));
}

TEST(JinjaBuiltins, WritesValuesAsPython) {
  EXPECT_EQ(text_of(nullptr), "");
  EXPECT_EQ(text_of(of(nullptr)), "None");
  EXPECT_EQ(text_of(of(true)), "True");
  EXPECT_EQ(text_of(of(12)), "12");
  EXPECT_THROW(text_of(of(Json::array())), InputError);
}

TEST(JinjaBuiltins, FindsMembers) {
  const auto list = of(Json::array({1, 2, 3}));
  EXPECT_EQ(*member_of(list, -1), 3);
  EXPECT_EQ(member_of(list, 3), nullptr);
  EXPECT_EQ(member_of(list, INT64_MIN), nullptr);
  EXPECT_EQ(*member_of(of({{"a", 1}}), "a"), 1);
  EXPECT_EQ(member_of(of({{"a", 1}}), "b"), nullptr);
  EXPECT_THROW(member_of(nullptr, "a"), InputError);
}

TEST(JinjaBuiltins, SlicesAsPython) {
  const auto list = of(Json::array({0, 1, 2, 3}));
  EXPECT_EQ(*slice_of(list, of(1), nullptr, 1), Json::array({1, 2, 3}));
  EXPECT_EQ(*slice_of(list, nullptr, of(-1), 1), Json::array({0, 1, 2}));
  EXPECT_EQ(*slice_of(list, nullptr, nullptr, -1), Json::array({3, 2, 1, 0}));
  EXPECT_EQ(*slice_of(list, of(2), of(0), -1), Json::array({2, 1}));
  EXPECT_EQ(*slice_of(list, of(-100), of(100), 1), Json::array({0, 1, 2, 3}));
  EXPECT_EQ(*slice_of(of("aé日"), of(1), nullptr, 1), "é日");
  EXPECT_THROW(slice_of(of(1), nullptr, nullptr, 1), InputError);
}

TEST(JinjaBuiltins, CalculatesAsPython) {
  EXPECT_EQ(*apply_operator("//", of(-7), of(2)), -4);
  EXPECT_EQ(*apply_operator("%", of(-7), of(3)), 2);
  EXPECT_EQ(*apply_operator("%", of(7), of(-3)), -2);
  EXPECT_EQ(*apply_operator("~", of(1), of("a")), "1a");
  EXPECT_EQ(*apply_operator("in", of("b"), of("abc")), true);
  EXPECT_EQ(*apply_operator("in", of("k"), of({{"k", 1}})), true);
  EXPECT_EQ(*apply_operator("==", nullptr, of(nullptr)), false);
  EXPECT_EQ(*apply_operator("<", of("a"), of("b")), true);
}

TEST(JinjaBuiltins, RefusesWhatPythonWould) {
  EXPECT_THROW(apply_operator("+", of(1), of("a")), InputError);
  EXPECT_THROW(apply_operator("+", nullptr, of("a")), InputError);
  EXPECT_THROW(apply_operator("<", of(1), of("a")), InputError);
  EXPECT_THROW(apply_operator("%", of(1), of(0)), InputError);
  EXPECT_THROW(apply_operator("//", of(INT64_MIN), of(-1)), InputError);
  EXPECT_THROW(apply_operator("*", of(INT64_MAX), of(2)), InputError);
  EXPECT_THROW(apply_filter("no_such", of(1), {}), InputError);
  EXPECT_THROW(apply_test("no_such", of(1)), InputError);
  EXPECT_THROW(call_method("no_such", of("a"), {}), InputError);
  EXPECT_THROW(call_method("strip", of(1), {}), InputError);
  EXPECT_THROW(call_method("strip", of("a"), {of("é")}), InputError);
}

TEST(JinjaBuiltins, RefusesTextsWithoutEnd) {
  const auto half = of(std::string(kMaxJinjaTextBytes / 2 + 1, 'a'));
  EXPECT_THROW(apply_operator("+", half, half), InputError);
  EXPECT_THROW(call_method("replace", of(std::string(1000, 'a')), {of("a"), half}), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
