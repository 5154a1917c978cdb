#include "conceptune/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "conceptune/base/error.h"
#include "tests/support/refusal.h"
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

TEST(Json, RefusesWhatFollowsTheText) {
  for (const char* text : {"{} x", "{}{}", "{}, ", "1 2", "[]]"})
    EXPECT_THROW(parse_json(text, "reading", "f"), InputError) << text;
}

TEST(Json, NestsUpToItsLimit) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_NO_THROW(parse_json(nested(64), "reading", "f"));
  EXPECT_THROW(parse_json(nested(65), "reading", "f"), InputError);
}

/// Sizes at which time that grows with their square would be minutes.
TEST(Json, TakesTimeInProportionToItsText) {
  constexpr int kItems = 300'000;
  std::string array = "[{}", object = "{\"\": 0";
  for (int i = 1; i < kItems; ++i) {
    array += ",{}";
    object += ",\"" + std::to_string(i) + "\": 0";
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(parse_json(array + "]", "reading", "f").size(), kItems);
  EXPECT_EQ(parse_json(object + "}", "reading", "f").size(), kItems);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Json, ReadsAFileWithAByteOrderMark) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_json_file(folder.write("a", "\xef\xbb\xbf{\"a\": 1}"), "reading")["a"], 1);
  EXPECT_THAT(test::refusal_of(
                  [&] { read_json_file(folder.write("b", std::string("\xff\xfe{\0}\0", 6)), "reading"); }),
              testing::EndsWith("b: UTF-16 text, expected JSON"));
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

TEST(Json, ShowsTextsInMessages) {
  EXPECT_EQ(shown("a\n\"b\""), R"("a\n\"b\"")");
  EXPECT_EQ(shown(std::string(59, 'x') + "é!"), "\"" + std::string(59, 'x') + "\"…")
      << "cut before a character";
  EXPECT_EQ(shown(std::string(60, 'x')), "\"" + std::string(60, 'x') + "\"");
  EXPECT_EQ(shown(std::vector<std::string>{"a", "b"}), R"("a", "b")");
  EXPECT_TRUE(shown(std::vector<std::string>(23, "a")).ends_with("\"a\" and 3 more"));
}

TEST(Json, WritesBytesThatAreNotUtf8) { EXPECT_EQ(to_json_text(Json("\xff")), "\"\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace conceptune
