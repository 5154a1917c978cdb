#include "conceptune/corpus/json_members.h"

#include <gtest/gtest.h>

#include <string>

#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "tests/support/inputs.h"

namespace conceptune::corpus {
namespace {

struct Result {
  std::vector<JsonMember> members;
  std::optional<JsonFault> fault;
};

Result read(std::string_view text) {
  Result result;
  result.fault = read_json_members(text, result.members);
  return result;
}

TEST(JsonMembers, GivesThemAsWritten) {
  const auto [members, fault] = read(R"( {"a" : [1, {"b": 2}], "\u0062":"x\"y", "a":1e400 } )");
  EXPECT_FALSE(fault);
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].key, "\"a\"");
  EXPECT_EQ(members[0].value, R"([1, {"b": 2}])");
  EXPECT_EQ(members[1].key, R"("\u0062")");
  EXPECT_EQ(members[1].value, R"("x\"y")");
  EXPECT_EQ(members[2].value, "1e400");
  EXPECT_FALSE(read("{}").fault);
}

TEST(JsonMembers, SaysWhereTheGrammarIsBroken) {
  const auto fault = [](std::string_view text) {
    const auto found = read(text).fault;
    return found ? std::to_string(found->byte) + ": " + std::string(found->problem) : "none";
  };
  EXPECT_EQ(fault("[]"), "0: expected an object");
  EXPECT_EQ(fault("{\"a\": 1} x"), "9: extra data behind the object");
  EXPECT_EQ(fault("{\"a\": {broken}}"), "7: expected a key in double quotes");
  EXPECT_EQ(fault("{\"a\" 1}"), "5: expected ':'");
  EXPECT_EQ(fault("{\"a\": 1 2}"), "8: expected ',' or '}'");
  EXPECT_EQ(fault("{\"a\": [1 2]}"), "9: expected ',' or ']'");
  EXPECT_EQ(fault("{\"a\": 01}"), "7: expected ',' or '}'");
  EXPECT_EQ(fault("{\"a\": }"), "6: expected a value");
  EXPECT_EQ(fault("{\"a\": 1.}"), "8: expected a digit");
  EXPECT_EQ(fault("{\"a\": \"b\tc\"}"), "8: a control character in a string");
  EXPECT_EQ(fault("{\"a\": \"\\x\"}"), "8: an unknown escape");
  EXPECT_EQ(fault("{\"a\": \"\\u12\"}"), "8: expected four hexadecimal digits");
  EXPECT_EQ(fault("{\"a\": \"b"), "8: a string that does not end");
  EXPECT_EQ(fault("{\"a\": "), "6: the text ends too early");
}

/// What it takes; what it refuses, and with the right key, documents_test.cpp asks.
TEST(JsonMembers, AgreesWithPython) {
  const Json golden = read_json_file(test::source("tests/reference/text_readers.json"), "test");
  for (const auto& entry : golden.at("json_lines")) {
    std::string line;
    for (const char32_t c : decode_utf8(entry.at("line").get<std::string>())) line += static_cast<char>(c);
    if (!first_invalid_utf8(line) && !entry.at("text").is_null()) {
      EXPECT_FALSE(read(line).fault) << line;
    }
  }
}

TEST(JsonMembers, LimitsNesting) {
  const auto nested = [](std::size_t levels) {
    return "{\"a\": " + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  EXPECT_FALSE(read(nested(1023)).fault);
  EXPECT_TRUE(read(nested(1024)).fault);
  EXPECT_TRUE(read(nested(1'000'000)).fault);
}

}  // namespace
}  // namespace conceptune::corpus
