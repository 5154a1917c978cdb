#include "conceptune/base/json_records.h"

#include <gmock/gmock.h>

#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::refusal_of;
using testing::EndsWith;
using Texts = std::vector<std::string>;

Texts records_of(std::string_view content, std::size_t limit = 1000) {
  const test::TemporaryFolder folder;
  JsonRecords records(folder.write("f", content), "reading", limit);
  Texts texts;
  for (std::string text; records.next(text);) texts.push_back(text);
  return texts;
}

std::string refusal(std::string_view content, std::size_t limit = 1000) {
  return refusal_of([&] { records_of(content, limit); });
}

TEST(JsonRecords, GivesLines) {
  EXPECT_EQ(records_of("{\"a\": 1}\n \t\r\n\n{\"b\": [2]}\r\n3"),
            (Texts{"{\"a\": 1}", "{\"b\": [2]}\r", "3"}));
  EXPECT_EQ(records_of("\xef\xbb\xbf{}\n"), Texts{"{}"});
  EXPECT_TRUE(records_of("").empty());
  EXPECT_TRUE(records_of("\n \n").empty());
}

TEST(JsonRecords, GivesAnArraysElements) {
  EXPECT_EQ(records_of("[{\"a\": 1}, {\"b\": [2, {}]},\n{}]\n"),
            (Texts{"{\"a\": 1}", "{\"b\": [2, {}]}", "{}"}));
  EXPECT_EQ(records_of("\n [\n {\n  \"a\": \"x\"\n }\n ]"), Texts{"{\n  \"a\": \"x\"\n }"});
  EXPECT_EQ(records_of(R"([{"]},{\"[": "\\"}, "a]\"", 3])"),
            (Texts{R"({"]},{\"[": "\\"})", R"("a]\"")", "3"}));
  EXPECT_TRUE(records_of("[ ]\n").empty());
}

TEST(JsonRecords, RefusesWhatIsNoArray) {
  EXPECT_THAT(refusal("[{}"), EndsWith("element 1 (line 1): the array ends too early"));
  EXPECT_THAT(refusal("[\n{},\n{\"a\": \"]}"), EndsWith("element 2 (line 3): the array ends too early"));
  EXPECT_THAT(refusal("["), EndsWith("the array ends too early"));
  EXPECT_THAT(refusal("[{},]"), EndsWith("element 2 (line 1): empty, expected an object"));
  EXPECT_THAT(refusal("[,{}]"), EndsWith("element 1 (line 1): empty, expected an object"));
  EXPECT_THAT(refusal("[{}}]"), EndsWith("element 1 (line 1): a bracket too many"));
  EXPECT_THAT(refusal("[{}]\n\n]"), EndsWith("line 3: extra data behind the array"));
  EXPECT_THAT(refusal("[{}]\n[{}]\n"), EndsWith("line 2: extra data behind the array"));
  EXPECT_THAT(refusal("[]]"), EndsWith("line 1: extra data behind the array"));
}

TEST(JsonRecords, LimitsARecord) {
  const std::string record = "{\"a\": \"" + std::string(100, 'x') + "\"}";
  EXPECT_EQ(records_of(record, record.size()).size(), 1U);
  EXPECT_THAT(refusal(record, record.size() - 1),
              EndsWith("line 1: longer than 108 bytes, the most for a line here"));
  EXPECT_EQ(records_of("[" + record + "]", record.size()).size(), 1U);
  EXPECT_THAT(refusal("[" + record + "]", record.size() - 1),
              EndsWith("element 1 (line 1): longer than 108 bytes, the most for an element here"));
}

TEST(JsonRecords, NamesRecords) {
  const test::TemporaryFolder folder;
  std::string text;
  JsonRecords lines(folder.write("l", "\n{}\n{}\n"), "reading");
  EXPECT_TRUE(lines.next(text) && lines.next(text));
  EXPECT_EQ(lines.name(), "line 3");
  EXPECT_EQ(lines.number(), 3);
  EXPECT_EQ(lines.where(), (folder.path() / "l").string() + ", line 3");
  JsonRecords array(folder.write("a", "[{},\n{}]"), "reading");
  EXPECT_TRUE(array.next(text) && array.next(text));
  EXPECT_EQ(array.name(), "element 2");
  EXPECT_EQ(array.number(), 2);
  EXPECT_EQ(array.where(), (folder.path() / "a").string() + ", element 2 (line 2)");
  EXPECT_FALSE(array.next(text));
}

TEST(JsonRecords, ReadsLongArraysAcrossBlocks) {
  std::string content = "[";
  Texts expected;
  for (int i = 0; i < 100'000; ++i) {
    expected.push_back("{\"n\": " + std::to_string(i) + ", \"s\": \"\\\"," + std::string(i % 7, '\\') +
                       std::string(i % 7, '\\') + "\"}");
    content += (i ? ",\n" : "") + expected.back();
  }
  EXPECT_EQ(records_of(content + "]"), expected);
}

}  // namespace
}  // namespace conceptune
