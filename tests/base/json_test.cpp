#include "conceptune/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

TEST(Json, NamesTheByteOfAMistake) {
  try {
    parse_json("{\"a\": }", "reading config", "config.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "reading config: config.json: malformed JSON at byte 7");
  }
}

TEST(Json, RefusesDeepNesting) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_THROW(parse_json(deep, "reading", "f"), InputError);
}

TEST(Json, RefusesNumbersBeyondDouble) {
  EXPECT_THROW(parse_json(R"({"a": 1e505})", "reading", "f"), InputError);
}

TEST(Json, KeepsTheOrderOfKeys) {
  EXPECT_EQ(to_json_text(parse_json(R"({"b": 1, "a": 2})", "reading", "f")), R"({"b":1,"a":2})");
}

TEST(Json, WritesBytesThatAreNotUtf8) { EXPECT_EQ(to_json_text(Json("\xff")), "\"\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace conceptune
