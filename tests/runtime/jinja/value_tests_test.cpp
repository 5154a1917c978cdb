#include "conceptune/runtime/jinja/value_tests.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

class ValueTestsTest : public ::testing::Test {
 protected:
  Budget budget_;

  bool is(const Json& value, std::string_view name, const Json& positional = Json::array()) {
    Arguments arguments(budget_);
    for (const auto& argument : positional) arguments.positional.push_back(value_of(budget_, argument));
    return apply_test(budget_, name, value_of(budget_, value), arguments);
  }
};

TEST_F(ValueTestsTest, TellKindsApartAsJinja) {
  EXPECT_TRUE(is(true, "number"));
  EXPECT_FALSE(is(true, "integer"));
  EXPECT_TRUE(is(1.0, "float"));
  EXPECT_TRUE(is("a", "sequence"));
  EXPECT_TRUE(is({{"a", 1}}, "sequence"));
  EXPECT_FALSE(is(nullptr, "iterable"));
  const Arguments none(budget_);
  for (const char* name : {"undefined", "iterable", "sequence", "callable"})
    EXPECT_TRUE(apply_test(budget_, name, Value(), none)) << name;
  EXPECT_FALSE(apply_test(budget_, "none", Value(), none));
}

TEST_F(ValueTestsTest, Compare) {
  EXPECT_TRUE(is(3, "gt", {2}));
  EXPECT_TRUE(is(1, "equalto", {1.0}));
  EXPECT_TRUE(is("a", "in", {"abc"}));
  EXPECT_TRUE(is(4, "divisibleby", {2}));
  EXPECT_TRUE(is(-3, "odd"));
  EXPECT_TRUE(is("É1", "upper"));
  EXPECT_FALSE(is(1, "sameas", {true}));
}

TEST_F(ValueTestsTest, AreKnownByName) {
  EXPECT_TRUE(is_test("=="));
  EXPECT_FALSE(is_test("no_such"));
  EXPECT_TRUE(is("wordwrap", "filter"));
  EXPECT_FALSE(is("wordwrap", "test"));
}

TEST_F(ValueTestsTest, RefuseWhatJinjaRefuses) {
  EXPECT_THROW(is(1, "no_such"), InputError);
  EXPECT_THROW(is(1, "defined", {2}), InputError);
  EXPECT_THROW(is(1, "divisibleby"), InputError);
  EXPECT_THROW(is("a", "odd"), InputError);
  EXPECT_THROW(is(1, "sameas", {1}), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
