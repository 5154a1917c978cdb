#include "conceptune/runtime/jinja/methods.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

class MethodsTest : public ::testing::Test {
 protected:
  Budget budget_;

  Arguments arguments(const Json& positional) {
    Arguments given(budget_);
    for (const auto& argument : positional) given.positional.push_back(value_of(budget_, argument));
    return given;
  }
  Text called(const Json& object, std::string_view name, const Json& positional = Json::array()) {
    return str_of(budget_, call_method(budget_, value_of(budget_, object), name, arguments(positional)));
  }
  Text range(const Json& positional) {
    return str_of(budget_,
                  list_value(budget_, {make_range(budget_, arguments(positional)).list()->values, &budget_}));
  }
};

TEST_F(MethodsTest, OfText) {
  EXPECT_EQ(called("aé b", "split"), "['aé', 'b']");
  EXPECT_EQ(called("aéb", "rpartition", {"é"}), "('a', 'é', 'b')");
  EXPECT_EQ(called("xéx", "strip", {"x"}), "é");
  EXPECT_EQ(called("日本", "find", {"本"}), "1");
  EXPECT_EQ(called("-", "join", Json::array({Json::array({"a", "b"})})), "a-b");
  EXPECT_EQ(called("ß", "upper"), "SS");
  EXPECT_THROW(called("a", "split", {""}), InputError);
  EXPECT_THROW(called("-", "join", Json::array({Json::array({1})})), InputError);
}

TEST_F(MethodsTest, OfDictsAndLists) {
  EXPECT_EQ(called({{"a", 1}}, "get", {"a", 5}), "1");
  EXPECT_EQ(called({{"a", 1}}, "get", {"b"}), "None");
  EXPECT_EQ(called({{"a", 1}}, "items"), "dict_items([('a', 1)])");
  EXPECT_EQ(called({1, 2, 1}, "count", {1}), "2");
  EXPECT_THROW(called({1}, "index", {2}), InputError);
}

TEST_F(MethodsTest, AreRefusedByName) {
  try {
    called("a", "encode");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("method 'encode' is not supported"));
  }
  EXPECT_THROW(called("abc", "startswith", {"b", 1}), InputError);
}

TEST_F(MethodsTest, RangesAreBounded) {
  EXPECT_EQ(range({5, 0, -2}), "[5, 3, 1]");
  EXPECT_EQ(range({INT64_MAX - 1, INT64_MAX, 5}), "[9223372036854775806]");
  EXPECT_EQ(make_range(budget_, arguments({kMaxRange})).list()->values.size(),
            static_cast<std::size_t>(kMaxRange));
  EXPECT_THROW(range({kMaxRange + 1}), InputError);
  EXPECT_THROW(range({1, 2, 0}), InputError);
  EXPECT_THROW(range(Json::array()), InputError);
}

TEST_F(MethodsTest, DictsAreMadeOfDictsAndNames) {
  auto given = arguments({{{"a", 1}, {"b", 2}}});
  given.named.emplace_back("b", Value{true});
  EXPECT_EQ(str_of(budget_, make_dict(budget_, given)), "{'a': 1, 'b': True}");
  EXPECT_THROW(make_dict(budget_, arguments(Json::array({Json::array()}))), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
