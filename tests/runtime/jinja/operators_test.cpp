#include "conceptune/runtime/jinja/operators.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class OperatorsTest : public ::testing::Test {
 protected:
  Budget budget_;

  Text result(const Json& left, std::string_view name, const Json& right) {
    return str_of(budget_, apply_operator(budget_, name, value_of(budget_, left), value_of(budget_, right)));
  }
  bool is(const Json& left, std::string_view name, const Json& right) {
    return holds(budget_, name, value_of(budget_, left), value_of(budget_, right));
  }
};

TEST_F(OperatorsTest, AddAndRepeat) {
  EXPECT_EQ(result("a", "+", "é"), "aé");
  EXPECT_EQ(result({1}, "+", {2}), "[1, 2]");
  EXPECT_EQ(result(2, "*", "ab"), "abab");
  EXPECT_EQ(result("ab", "*", -1), "");
  EXPECT_EQ(result(true, "+", 1), "2");
  for (const auto& [left, right] :
       {std::pair<Json, Json>{1, "a"}, {nullptr, 1}, {"a", {1}}, {Json::object(), Json::object()}})
    EXPECT_THROW(result(left, "+", right), InputError) << left << right;
  EXPECT_THROW(result("%s", "%", 1), InputError);
}

TEST_F(OperatorsTest, CompareAcrossKindsAsPython) {
  EXPECT_TRUE(is(1, "==", 1.0));
  EXPECT_TRUE(is(true, "==", 1));
  EXPECT_FALSE(is("1", "==", 1));
  EXPECT_TRUE(is({{"a", 1}, {"b", {2}}}, "==", {{"b", {2.0}}, {"a", true}}));
  EXPECT_TRUE(is({1, 2}, "<", {1, 3}));
  EXPECT_TRUE(is({1}, "<", {1, 0}));
  EXPECT_TRUE(is("é", ">", "z"));
  EXPECT_TRUE(is("😀", ">", "\uffff"));
  EXPECT_THROW(is(1, "<", "a"), InputError);
  EXPECT_THROW(is(nullptr, "<", nullptr), InputError);
}

TEST_F(OperatorsTest, FindInsideContainers) {
  EXPECT_TRUE(is("é", "in", "aéb"));
  EXPECT_TRUE(is("a", "in", {{"a", 1}}));
  EXPECT_TRUE(is(1.0, "in", {1}));
  EXPECT_TRUE(is(2, "not in", {1}));
  EXPECT_THROW(is(1, "in", "1"), InputError);
  EXPECT_THROW(is(Json::array({1}), "in", {{"a", 1}}), InputError);
  EXPECT_THROW(is(1, "in", 1), InputError);
}

TEST_F(OperatorsTest, KeepTheFirstOfEqualKeys) {
  Entries entries(&budget_);
  set_entry(budget_, entries, {std::int64_t{1}}, {true});
  set_entry(budget_, entries, {1.0}, {false});
  EXPECT_EQ(str_of(budget_, dict_value(budget_, std::move(entries))), "{1: False}");
  EXPECT_THROW(check_hashable(budget_, value_of(budget_, Json::array())), InputError);
}

TEST_F(OperatorsTest, IterateWhatPythonIterates) {
  EXPECT_EQ(iterated(budget_, text_value(budget_, "aé😀"))->values.size(), 3U);
  EXPECT_EQ(iterated(budget_, value_of(budget_, {{"a", 1}}))->values.size(), 1U);
  EXPECT_TRUE(iterated(budget_, Value())->values.empty());
  EXPECT_THROW(iterated(budget_, {None{}}), InputError);
  EXPECT_THROW(iterated(budget_, {true}), InputError);
}

TEST_F(OperatorsTest, CountEveryComparison) {
  // Two lists that share their parts: few bytes, but 2^40 elements.
  Value left = value_of(budget_, Json::array()), right = value_of(budget_, Json::array());
  for (int i = 0; i < 40; ++i) {
    left = list_value(budget_, Items({left, left}, &budget_));
    right = list_value(budget_, Items({right, right}, &budget_));
  }
  EXPECT_THROW(is_equal(budget_, left, right), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
