#include "conceptune/runtime/jinja/filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class FiltersTest : public ::testing::Test {
 protected:
  Budget budget_;
  Arguments none_{budget_};

  /// JSON of what the filter makes of a value.
  std::string filtered(std::string_view name, const Json& value, const Json& positional = Json::array(),
                       const Json& named = Json::object()) {
    Arguments arguments(budget_);
    for (const auto& argument : positional) arguments.positional.push_back(value_of(budget_, argument));
    for (const auto& [key, argument] : named.items())
      arguments.named.emplace_back(key, value_of(budget_, argument));
    Text json(&budget_);
    append_json(budget_,
                apply_filter(budget_, "list",
                             apply_filter(budget_, name, value_of(budget_, value), arguments), none_),
                {}, json);
    return std::string(json);
  }
};

TEST_F(FiltersTest, KnowsThoseOfJinja) {
  EXPECT_TRUE(is_filter("upper"));
  EXPECT_TRUE(is_filter("wordwrap"));
  EXPECT_FALSE(is_filter("no_such"));
}

TEST_F(FiltersTest, TakesArgumentsByName) {
  EXPECT_EQ(filtered("sort", {2, 3, 1}, Json::array(), {{"reverse", true}}), "[3, 2, 1]");
  EXPECT_EQ(filtered("join", {"a", "b"}, Json::array(), {{"d", "-"}}), R"(["a", "-", "b"])");
  EXPECT_THROW(filtered("sort", {2}, Json::array(), {{"backwards", true}}), InputError);
}

TEST_F(FiltersTest, AppliesFiltersAndTestsToElements) {
  EXPECT_EQ(filtered("map", {"a", "b"}, {"upper"}), R"(["A", "B"])");
  EXPECT_EQ(filtered("select", {1, 2, 3}, {"gt", 1}), "[2, 3]");
  EXPECT_EQ(filtered("rejectattr", {{{"a", 1}}, {{"a", 2}}}, {"a", "eq", 1}), R"([{"a": 2}])");
  EXPECT_EQ(
      filtered("map", {{{"a", 1}}, Json::object()}, Json::array(), {{"attribute", "a"}, {"default", 0}}),
      "[1, 0]");
}

TEST_F(FiltersTest, SortsAsPython) {
  // Equal elements stay in their order, also backwards.
  EXPECT_EQ(filtered("sort", {"b", "A", "a", "B"}), R"(["A", "a", "b", "B"])");
  EXPECT_EQ(filtered("sort", {"b", "A", "a", "B"}, {true}), R"(["b", "B", "A", "a"])");
  EXPECT_THROW(filtered("sort", {1, "a"}), InputError);
}

TEST_F(FiltersTest, RefusesByName) {
  try {
    apply_filter(budget_, "groupby", Value(), none_);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("filter 'groupby' is not supported"));
  }
  EXPECT_THROW(apply_filter(budget_, "no_such", Value(), none_), InputError);
  const auto safe = apply_filter(budget_, "safe", text_value(budget_, "<"), none_);
  EXPECT_THROW(apply_filter(budget_, "upper", safe, none_), InputError);
}

TEST_F(FiltersTest, GivesIteratorsOnce) {
  const auto once = apply_filter(budget_, "reverse", value_of(budget_, {1, 2}), none_);
  EXPECT_NO_THROW(apply_filter(budget_, "list", once, none_));
  EXPECT_THROW(apply_filter(budget_, "list", once, none_), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
