#include "conceptune/runtime/jinja/text_form.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

class TextFormTest : public ::testing::Test {
 protected:
  Budget budget_;

  Text str(const Json& value) { return str_of(budget_, value_of(budget_, value)); }
  Text json(const Json& value, const JsonForm& form = {}) {
    Text result(&budget_);
    append_json(budget_, value_of(budget_, value), form, result);
    return result;
  }
};

TEST_F(TextFormTest, IsPythonsStr) {
  EXPECT_EQ(str("it's"), "it's");
  EXPECT_EQ(str(nullptr), "None");
  EXPECT_EQ(str(true), "True");
  EXPECT_EQ(str(-12), "-12");
  EXPECT_EQ(str(2.0), "2.0");
  EXPECT_EQ(str_of(budget_, {}), "");
}

TEST_F(TextFormTest, IsPythonsReprInside) {
  EXPECT_EQ(str({"a", 1, nullptr, {{"k", {}}}}), "['a', 1, None, {'k': None}]");
  EXPECT_EQ(str({"it's", "\"", "'\""}), R"(["it's", '"', '\'"'])");
  EXPECT_EQ(str({"\n\t\\\x01\x7f é\u00a0\u200b\U000e0001😀"}), R"(['\n\t\\\x01\x7f é\xa0\u200b\U000e0001😀'])");
  EXPECT_EQ(str_of(budget_, tuple_value(budget_, {true}, Value())), "(True, Undefined)");
  EXPECT_EQ(str_of(budget_, list_value(budget_, Items({Value{true}}, &budget_), List::Form::tuple)),
            "(True,)");
}

TEST_F(TextFormTest, RefusesWhatPythonWritesWithAddresses) {
  EXPECT_THROW(str_of(budget_, function_value(budget_, "range")), InputError);
  EXPECT_THROW(str_of(budget_, list_value(budget_, Items(&budget_), List::Form::iterator)), InputError);
}

TEST_F(TextFormTest, IsJsonAsPythonWritesIt) {
  const Json value = {{"b", {1, 2.0, nullptr, false}}, {"a", "é\"\\\n\x01\x7f/<"}, {"e", Json::array()}};
  EXPECT_EQ(json(value), "{\"b\": [1, 2.0, null, false], \"a\": \"é\\\"\\\\\\n\\u0001\x7f/<\", \"e\": []}");
  JsonForm form;
  form.ascii = form.sort_keys = form.lines = true;
  form.indent = "  ";
  form.item_separator = ",";
  EXPECT_EQ(json({{"b", {1, "é😀\x7f"}}, {"a", Json::object()}}, form),
            "{\n  \"a\": {},\n  \"b\": [\n    1,\n    \"\\u00e9\\ud83d\\ude00\\u007f\"\n  ]\n}");
}

TEST_F(TextFormTest, HasNoJsonForWhatJsonDoesNotHave) {
  Text result(&budget_);
  EXPECT_THROW(append_json(budget_, {}, {}, result), InputError);
  EXPECT_THROW(append_json(budget_, list_value(budget_, Items(&budget_), List::Form::range), {}, result),
               InputError);
}

}  // namespace
}  // namespace conceptune::jinja
