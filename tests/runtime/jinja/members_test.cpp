#include "conceptune/runtime/jinja/members.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class MembersTest : public ::testing::Test {
 protected:
  Budget budget_;
  Value list_ = value_of(budget_, {1, 2, 3});
  Value dict_ = value_of(budget_, {{"a", 1}, {"items", 2}, {"pop", 3}});
  Value text_ = text_value(budget_, "aé日😀");

  Value item(const Value& value, const Json& key) { return item_of(budget_, value, value_of(budget_, key)); }
  Text slice(const Value& value, const Json& begin, const Json& end, const Json& step) {
    return str_of(budget_, slice_of(budget_, value, value_of(budget_, begin), value_of(budget_, end),
                                    value_of(budget_, step)));
  }
};

TEST_F(MembersTest, AreElementsCharactersAndEntries) {
  EXPECT_EQ(str_of(budget_, item(list_, -1)), "3");
  EXPECT_EQ(str_of(budget_, item(text_, -1)), "😀");
  EXPECT_EQ(str_of(budget_, item(text_, 1)), "é");
  EXPECT_EQ(str_of(budget_, item(dict_, "a")), "1");
  for (const Json& key : {Json(3), Json(-4), Json(INT64_MIN), Json("x"), Json(nullptr), Json(1.0)})
    EXPECT_TRUE(item(list_, key).is<Undefined>()) << key;
  EXPECT_TRUE(item(text_, 4).is<Undefined>());
  EXPECT_THROW(item({}, 0), InputError);
}

TEST_F(MembersTest, AttributesAreMethodsFirst) {
  EXPECT_TRUE(attribute_of(budget_, dict_, "items").callable());
  EXPECT_EQ(str_of(budget_, item(dict_, "items")), "2");
  EXPECT_EQ(str_of(budget_, attribute_of(budget_, dict_, "a")), "1");
  EXPECT_TRUE(attribute_of(budget_, text_, "upper").callable());
  EXPECT_TRUE(item(text_, "upper").callable());
  EXPECT_TRUE(attribute_of(budget_, text_, "keys").is<Undefined>());
}

TEST_F(MembersTest, HidesWhatChangesValuesOrLeadsOut) {
  EXPECT_TRUE(attribute_of(budget_, dict_, "pop").is<Undefined>());
  EXPECT_TRUE(attribute_of(budget_, list_, "append").is<Undefined>());
  EXPECT_THROW(attribute_of(budget_, text_, "__class__"), InputError);
  EXPECT_TRUE(item(text_, "__class__").is<Undefined>());
}

TEST_F(MembersTest, SlicesAsPython) {
  EXPECT_EQ(slice(list_, 1, nullptr, nullptr), "[2, 3]");
  EXPECT_EQ(slice(list_, nullptr, nullptr, -1), "[3, 2, 1]");
  EXPECT_EQ(slice(list_, -100, 100, 2), "[1, 3]");
  EXPECT_EQ(slice(list_, INT64_MAX, INT64_MIN, INT64_MIN), "[3]");
  EXPECT_EQ(slice(text_, 1, -1, nullptr), "é日");
  EXPECT_EQ(slice(text_, nullptr, nullptr, -2), "😀é");
  EXPECT_THROW(slice(list_, nullptr, nullptr, 0), InputError);
  EXPECT_THROW(slice(list_, "a", nullptr, nullptr), InputError);
  EXPECT_THROW(slice(dict_, nullptr, nullptr, nullptr), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
