#include "conceptune/evaluation/benchmarks/pair_table.h"

#include <gmock/gmock.h>

#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

using testing::HasSubstr;
using Columns = std::optional<PairColumns>;

std::vector<TextPair> read(std::string_view content, const Columns& columns = std::nullopt) {
  const test::TemporaryFolder folder;
  return read_pair_table(folder.write("pairs.txt", content), columns);
}

/// "first|second|score" of every row.
std::vector<std::string> rows_of(std::string_view content, const Columns& columns = std::nullopt) {
  std::vector<std::string> rows;
  for (const auto& pair : read(content, columns))
    rows.push_back(pair.first + "|" + pair.second + "|" + std::to_string(pair.score).substr(0, 3));
  return rows;
}

std::string problem_of(std::string_view content, const Columns& columns = std::nullopt) {
  return test::refusal_of([&] { read(content, columns); });
}

TEST(PairTable, TellsLayoutsByTheirContent) {
  const std::vector<std::string> sun = {"sun|sunlight|4.5", "bakery|zebra|0.0"};
  EXPECT_EQ(rows_of("sun\tsunlight\t4.5\nbakery\tzebra\t0\n"), sun);
  EXPECT_EQ(rows_of("sun,sunlight,4.5\nbakery,zebra,0\n"), sun);
  EXPECT_EQ(rows_of(" sun  sunlight 4.5 \nbakery zebra 0\n"), sun);
  // The Rare Words: the mean, then ten judgements.
  EXPECT_EQ(rows_of("sun\tsunlight\t4."
                    "5\t5\t4\t4\t5\t4\t5\t4\t5\t4\t5\nbakery\tzebra\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\n"),
            sun);
  EXPECT_EQ(rows_of("sun,sunlight,4.5,5,4\nbakery,zebra,0,0,0\n"), sun);
  // STS-B's original, some rows with a licence behind.
  EXPECT_EQ(
      rows_of("main\tMSR\t2012\t1\t4.5\tsun\tsunlight\nmain\tMSR\t2012\t2\t0\tbakery\tzebra\tLicence\n"),
      sun);
}

TEST(PairTable, RefusesOtherTables) {
  EXPECT_THAT(problem_of("take\tremove\tV\t6.81\tSYNONYMS\n"),
              HasSubstr("pairs.txt, line 1: no known layout; the columns are \"take\", \"remove\", \"V\", "
                        "\"6.81\", \"SYNONYMS\"; "
                        "those that are meant are named to conceptune eval by --columns FIRST,SECOND,SCORE"));
  EXPECT_THAT(problem_of("w1\tw2\trating\na\tb\t1\n"),
              HasSubstr("line 1: no known layout; the columns are \"w1\", \"w2\", \"rating\""));
  // Seven columns that are not STS-B's: no score from 0 to 5 fifth; numbers where its sentences stand.
  EXPECT_THAT(problem_of("a\tb\tc\td\t9.5\tsun\tsunlight\n"), HasSubstr("no known layout"));
  EXPECT_THAT(problem_of("a\tb\tc\td\t4.5\t1\t2\n"), HasSubstr("no known layout"));
  EXPECT_THAT(problem_of("a\tb\n"), HasSubstr("no known layout"));
}

TEST(PairTable, ReadsNamedColumns) {
  const PairColumns columns{"a", "b", "rating"};
  EXPECT_EQ(rows_of("rating,b,a\n4.5,sunlight,sun\n0,zebra,bakery\n", columns)[0], "sun|sunlight|4.5");
  EXPECT_EQ(read("a\tb\trating\nx \"y\"\tz\t1\nu\tv\t2\n", columns)[0].first, "x \"y\"");
  const auto quoted = read(
      "\xef\xbb\xbf"
      "a,b,rating\r\n\"x, \"\"y\"\"\nand more\",z,1\r\nu,v,2\r\n",
      columns);
  EXPECT_EQ(quoted[0].first, "x, \"y\"\nand more");
  EXPECT_EQ(quoted[1].line, 4);
  EXPECT_THAT(problem_of("a\tb\tscore\nx\ty\t1\n", columns),
              HasSubstr("line 1: no columns \"a\", \"b\", \"rating\" among \"a\", \"b\", \"score\""));
  EXPECT_THAT(problem_of("a\tb\trating\nx\ty\thigh\n", columns),
              HasSubstr("line 2: the score, column \"rating\", is \"high\", expected a finite number"));
  EXPECT_THAT(problem_of("a\tb\trating\nx\ty\n", columns),
              HasSubstr("line 2: 2 columns, no column \"rating\""));
  EXPECT_THAT(problem_of("rating,a,b\n3,Hello, world,b\n", columns),
              HasSubstr("line 2: 4 columns, expected 3"));
  EXPECT_EQ(rows_of("a,b,rating\nx,y,1,,\n", columns)[0], "x|y|1.0");
}

TEST(PairTable, ReadsNumberedColumns) {
  EXPECT_EQ(rows_of("take\tremove\tV\t6.81\tSYNONYMS\nwalk\ttrail\tN\t4.81\tCOHYPONYMS\n",
                    PairColumns{"1", "2", "4"}),
            (std::vector<std::string>{"take|remove|6.8", "walk|trail|4.8"}));
  EXPECT_THAT(problem_of("a\tb\t1\n", PairColumns{"1", "2", "4"}),
              HasSubstr("no columns \"1\", \"2\", \"4\""));
  EXPECT_THAT(problem_of("a\tb\t1\n", PairColumns{"0", "1", "2"}), HasSubstr("no columns"));
}

TEST(PairTable, PassesOverCommentsBeforeTheFirstRow) {
  const std::vector<std::string> sun = {"sun|sunlight|4.5", "bakery|zebra|0.0"};
  EXPECT_EQ(rows_of("# The collection\r\n# Word 1\tWord 2\tHuman "
                    "(mean)\r\n\r\nsun\tsunlight\t4.5\r\nbakery\tzebra\t0\r\n"),
            sun);
  EXPECT_EQ(rows_of("# version 3\nsun sunlight 4.5\nbakery zebra 0\n"), sun);
  EXPECT_EQ(rows_of("# pairs, \"judged\nword1,word2,SimLex999\nsun,sunlight,4.5\nbakery,zebra,0\n"), sun);
  EXPECT_THAT(problem_of("# nothing\n\n"), HasSubstr("no rows but comments"));
  EXPECT_THAT(problem_of("sun\tsunlight\t4.5\n# a comment\nbakery\tzebra\t0\n"),
              HasSubstr("line 2: 1 columns, no column 2"));
}

TEST(PairTable, KeepsPairsThatBeginWithAHash) {
  EXPECT_EQ(rows_of("# tags\n#one\t#two\t1\nsun\tsunlight\t4.5\n#three\tsun\t2\n"),
            (std::vector<std::string>{"#one|#two|1.0", "sun|sunlight|4.5", "#three|sun|2.0"}));
  EXPECT_EQ(rows_of("#one #two 1\n#three #four 2\n"),
            (std::vector<std::string>{"#one|#two|1.0", "#three|#four|2.0"}));
  EXPECT_EQ(rows_of("word1\tword2\tSimLex999\n#one\t#two\t1\n"), std::vector<std::string>{"#one|#two|1.0"});
}

TEST(PairTable, RefusesBadRows) {
  EXPECT_THAT(problem_of("a\tb\t1\n\tb\t2\n"), HasSubstr("line 2: a text is empty"));
  EXPECT_THAT(problem_of("a\tb\t1\n\u00a0\tb\t2\n"), HasSubstr("line 2: a text is empty"));
  EXPECT_THAT(problem_of("a\tb\t1\na\tb\n"), HasSubstr("line 2: 2 columns, no column 3"));
  EXPECT_THAT(problem_of("a b 1\nnew york city 2\n"), HasSubstr("line 2: 4 columns, expected 3"));
  for (const char* score : {"high", "nan", "inf", "-inf", "1e999", "", "1,5", "0x1", "1 2"})
    EXPECT_THAT(problem_of(std::string("a\tb\t1\na\tb\t") + score + "\n"),
                HasSubstr(std::string("line 2: the score, column 3, is \"") + score +
                          "\", expected a finite number"));
  EXPECT_THAT(problem_of("a\tb\t1\na\t\xff\t1\n"), HasSubstr("line 2: invalid UTF-8"));
  EXPECT_EQ(rows_of("a\tb\t 1.5 \n"), std::vector<std::string>{"a|b|1.5"});
}

}  // namespace
}  // namespace conceptune::evaluation
