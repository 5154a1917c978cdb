#include "conceptune/runtime/jinja/arguments.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

class ArgumentsTest : public ::testing::Test {
 protected:
  Budget budget_;
  Arguments arguments_{budget_};

  Bound bound(std::size_t required = 0) { return {budget_, "f", arguments_, {"a", "b", "/c"}, required}; }
};

TEST_F(ArgumentsTest, FallToParametersByPlaceAndName) {
  arguments_.positional.push_back(text_value(budget_, "x"));
  arguments_.named.emplace_back("b", Value{std::int64_t{3}});
  const auto found = bound(2);
  EXPECT_EQ(found.text(0), "x");
  EXPECT_EQ(found.integer(1, 0), 3);
  EXPECT_EQ(found[2], nullptr);
  EXPECT_EQ(found.integer(2, 7), 7);
  EXPECT_EQ(found.text_or_none(2), nullptr);
  EXPECT_TRUE(found.truth(1));
  EXPECT_TRUE(found.truth(2, true));
}

TEST_F(ArgumentsTest, MustBeThereAndOfTheirKind) {
  EXPECT_THROW(bound(1), InputError);
  arguments_.positional.push_back({None{}});
  EXPECT_THROW(bound(1).text(0), InputError);
  EXPECT_THROW(bound(1).integer(0, 1), InputError);
  EXPECT_EQ(bound(1).text_or_none(0), nullptr);
}

TEST_F(ArgumentsTest, AreRefusedWherePythonRefusesThem) {
  arguments_.named.emplace_back("d", Value());
  EXPECT_THROW(bound(), InputError);
  arguments_.named[0].first = "c";  // has no name
  EXPECT_THROW(bound(), InputError);
  arguments_.named[0].first = "a";
  arguments_.positional.emplace_back();
  EXPECT_THROW(bound(), InputError);
  arguments_.named.clear();
  arguments_.positional.resize(4);
  EXPECT_THROW(bound(), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
