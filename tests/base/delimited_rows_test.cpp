#include "conceptune/base/delimited_rows.h"

#include <gmock/gmock.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::refusal_of;
using testing::EndsWith;
using testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view table, RowFormat format, std::size_t limit = LineReader::kMaxLineBytes) {
  const test::TemporaryFolder folder;
  LineReader lines(folder.write("t", table), "reading", limit);
  DelimitedRows reader(lines, format, "reading");
  Rows rows;
  for (std::vector<std::string> fields; reader.next(fields);) rows.push_back(fields);
  return rows;
}

std::string refusal(std::string_view table, RowFormat format = RowFormat::csv) {
  return refusal_of([&] { rows_of(table, format); });
}

TEST(DelimitedRows, AgreesWithPython) {
  const Json golden = read_json_file(test::source("tests/reference/text_readers.json"), "test");
  for (const auto& entry : golden.at("tables")) {
    const auto table = entry.at("table").get<std::string>();
    const RowFormat format = entry.at("format") == "csv" ? RowFormat::csv : RowFormat::tsv;
    if (entry.at("rows").is_null())
      EXPECT_NE(refusal(table, format), "no error") << table;
    else
      EXPECT_EQ(rows_of(table, format), entry.at("rows").get<Rows>()) << table;
  }
}

TEST(DelimitedRows, TakesUnquotedFieldsAsTheyStand) {
  EXPECT_EQ(rows_of("a\t\"b\"\t\n\"c\t\td\"\r\n", RowFormat::unquoted_tsv),
            (Rows{{"a", "\"b\"", ""}, {"\"c", "", "d\""}}));
}

TEST(DelimitedRows, TakesRunsOfBlanksForOne) {
  EXPECT_EQ(rows_of("  a  b c \r\n\"d e\n", RowFormat::blanks), (Rows{{"a", "b", "c"}, {"\"d", "e"}}));
  EXPECT_EQ(rows_of("  \na\n \r\n ", RowFormat::blanks), Rows{{"a"}});
  EXPECT_EQ(rows_of(" \t\n", RowFormat::unquoted_tsv), (Rows{{" ", ""}}));
}

TEST(DelimitedRows, NamesTheLineWhereTheRowBegins) {
  EXPECT_THAT(refusal("a,b\n\n1,\"x\ny\nz"), EndsWith("line 3: a quoted field does not end"));
  EXPECT_THAT(refusal("a,b\n\"x\ny\"z,2\n"), EndsWith("line 2: text follows the closing quote of a field"));
  EXPECT_THAT(refusal("a,b\n1,\xff\n"), EndsWith("line 2: invalid UTF-8 at byte 2 of the line"));
  EXPECT_THAT(refusal("a,b\n\"1\n\xff\",2\n"), EndsWith("line 3: invalid UTF-8 at byte 0 of the line"));
}

TEST(DelimitedRows, LimitsAFieldThatDoesNotEnd) {
  std::string table = "a\n\"x\n";
  for (int i = 0; i < 100; ++i) table += "one more line\n";
  EXPECT_THAT(refusal_of([&] { rows_of(table, RowFormat::csv, 200); }),
              HasSubstr("line 2: a quoted field does not end within 200 bytes"));
}

TEST(DelimitedRows, LimitsTheFieldsOfARow) {
  EXPECT_EQ(rows_of(std::string(DelimitedRows::kMaxFields - 1, ','), RowFormat::csv)[0].size(),
            DelimitedRows::kMaxFields);
  EXPECT_THAT(refusal(std::string(DelimitedRows::kMaxFields, ',')),
              EndsWith("line 1: more than 65536 fields in a row"));
}

TEST(DelimitedRows, CountsLines) {
  const test::TemporaryFolder folder;
  LineReader lines(folder.write("t", "a\n\n\"b\nc\"\nd\n"), "reading");
  DelimitedRows rows(lines, RowFormat::csv, "reading");
  std::vector<std::string> fields;
  std::vector<std::int64_t> numbers;
  while (rows.next(fields)) numbers.push_back(rows.line_number());
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 3, 5}));
}

}  // namespace
}  // namespace conceptune
