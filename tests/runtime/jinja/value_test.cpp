#include "conceptune/runtime/jinja/value.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

TEST(Value, HasPythonsTruth) {
  Budget budget;
  for (const Json& value :
       {Json(nullptr), Json(false), Json(0), Json(0.0), Json(""), Json::array(), Json::object()})
    EXPECT_FALSE(is_true(value_of(budget, value))) << value;
  for (const Json& value : {Json(true), Json(-1), Json(0.5), Json("0"), Json::array({nullptr})})
    EXPECT_TRUE(is_true(value_of(budget, value))) << value;
  EXPECT_FALSE(is_true(Value()));
  EXPECT_TRUE(is_true(list_value(budget, Items(&budget), List::Form::iterator)));
}

TEST(Value, NamesItsKind) {
  Budget budget;
  EXPECT_EQ(kind_of({}), "something undefined");
  EXPECT_EQ(kind_of(value_of(budget, 1)), "an integer");
  EXPECT_EQ(kind_of(value_of(budget, {1})), "a list");
  EXPECT_EQ(kind_of(value_of(budget, {{"a", 1}})), "a dict");
  EXPECT_EQ(kind_of(tuple_value(budget, {}, {})), "a tuple");
  EXPECT_EQ(kind_of(function_value(budget, "f")), "a function");
}

TEST(Value, RefusesVariablesItCannotHold) {
  Budget budget;
  EXPECT_THROW(value_of(budget, 9223372036854775808U), InputError);
  EXPECT_THROW(value_of(budget, NAN), InputError);
  EXPECT_THROW(value_of(budget, {"\xff"}), InputError);
  EXPECT_THROW(value_of(budget, std::string(kMaxBytes, 'a')), InputError);
  Json deep;
  for (int i = 0; i < kMaxNesting; ++i) deep = Json::array({deep});
  EXPECT_NO_THROW(value_of(budget, deep));
  EXPECT_THROW(value_of(budget, Json::array({deep})), InputError);
}

TEST(Value, BoundsItsNestingThroughEveryHolder) {
  Budget budget;
  Value value = value_of(budget, Json::array());
  EXPECT_THROW(for (int i = 0; i < kMaxNesting; ++i) value = method_value(budget, value, "count"),
               InputError);
  value = value_of(budget, Json::array());
  EXPECT_THROW(
      for (int i = 0; i < kMaxNesting; ++i) {
        Entries entries(&budget);
        entries.emplace_back(Value(), value);
        value = dict_value(budget, std::move(entries));
      },
      InputError);
}

TEST(Value, NamespacesCanBeSet) {
  Budget budget;
  Namespace names(budget);
  names.set("a", {true});
  names.set("a", {false});
  EXPECT_FALSE(*names.find("a")->get<bool>());
  EXPECT_EQ(names.find("b"), nullptr);
}

}  // namespace
}  // namespace conceptune::jinja
