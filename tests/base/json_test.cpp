#include "conceptune/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

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

TEST(Json, RefusesAKeyTwiceInOneObject) {
  EXPECT_EQ(parse_json(R"([{"a": 1}, {"a": {"a": 2}, "b": {"a": 3}}])", "reading", "f").size(), 2U);
  try {
    parse_json(R"({"a": {"b": 1}, "b": 2, "a": 3})", "reading config", "config.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "reading config: config.json: malformed JSON: key \"a\" twice");
  }
}

TEST(Json, RefusesAFileThatWouldFillTheMemory) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("huge.json", "{}");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  EXPECT_THROW(read_json_file(path, "reading"), InputError);
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
