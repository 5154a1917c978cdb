#include "conceptune/runtime/jinja/attribute_path.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class AttributePathTest : public ::testing::Test {
 protected:
  Budget budget_;
  Value value_ = value_of(budget_, {{"a", {{"b", {1, 2}}}}, {"0", "zero"}});

  Text at(const Value& path, const Value* otherwise = nullptr) {
    return str_of(budget_, AttributePath(budget_, path).of(budget_, value_, otherwise));
  }
};

TEST_F(AttributePathTest, LeadsThroughNamesAndIndices) {
  EXPECT_EQ(at(text_value(budget_, "a.b.1")), "2");
  EXPECT_EQ(at(text_value(budget_, "a.b")), "[1, 2]");
  EXPECT_EQ(at(text_value(budget_, "0")), "");  // an index, which a dict does not have
  EXPECT_EQ(at(text_value(budget_, "x")), "");
  EXPECT_EQ(at({None{}}), str_of(budget_, value_));
}

TEST_F(AttributePathTest, TakesAnotherValueForWhatIsNotThere) {
  const auto otherwise = text_value(budget_, "none");
  EXPECT_EQ(at(text_value(budget_, "a.x"), &otherwise), "none");
  EXPECT_THROW(at(text_value(budget_, "x.y")), InputError);
}

TEST_F(AttributePathTest, RefusesDigitsBeyondAscii) {
  EXPECT_THROW(at(text_value(budget_, "٣")), InputError);
  EXPECT_EQ(at(text_value(budget_, "a٣")), "");
}

TEST_F(AttributePathTest, SortsWithoutRegardToCase) {
  EXPECT_EQ(*sort_key(budget_, text_value(budget_, "ÄB"), false).text(), "äb");
  EXPECT_EQ(*sort_key(budget_, text_value(budget_, "ÄB"), true).text(), "ÄB");
  EXPECT_TRUE(sort_key(budget_, {true}, false).is<bool>());
}

}  // namespace
}  // namespace conceptune::jinja
