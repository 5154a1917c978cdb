#include "conceptune/evaluation/benchmarks/benchmarks.h"

#include <gmock/gmock.h>

#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

PairBenchmark read(std::string_view content, const std::optional<PairColumns>& columns = std::nullopt) {
  const test::TemporaryFolder folder;
  return read_pair_benchmark(folder.write("pairs.txt", content), columns);
}

void expect_sun(const PairBenchmark& benchmark) {
  ASSERT_EQ(benchmark.pairs.size(), 2U);
  EXPECT_EQ(benchmark.pairs[0].first, "sun");
  EXPECT_EQ(benchmark.pairs[0].second, "sunlight");
  EXPECT_EQ(benchmark.pairs[0].score, 50);
  EXPECT_EQ(benchmark.pairs[1].first, "bakery");
}

std::string problem_of(std::string_view content, const std::optional<PairColumns>& columns = std::nullopt) {
  return test::refusal_of([&] { read(content, columns); });
}

TEST(Benchmarks, ReadsEveryKnownLayout) {
  expect_sun(read("sun\tsunlight\t50.0\nbakery\tzebra\t0\n"));
  expect_sun(read("# comment\r\nsun\tsunlight\t50.0\r\n\r\nbakery\tzebra\t0\r\n"));
  expect_sun(read("sun sunlight 50.000000\nbakery zebra 0.000000"));
  expect_sun(read("sun-n sunlight-n 50.000000\nbakery-n zebra-n 0.000000\n"));
  expect_sun(read("word1\tword2\tPOS\tSimLex999\tconc\nsun\tsunlight\tN\t50\t1\nbakery\tzebra\tN\t0\t1\n"));
  expect_sun(read("Word 1,Word 2,Human (mean)\nsun,sunlight,50\nbakery,zebra,0\n"));
  expect_sun(
      read("index\tgenre\tsentence1\tsentence2\tscore\n0\tnews\tsun\tsunlight\t50\n1\tnews\tbakery\tb\t0\n"));
}

TEST(Benchmarks, ReadsTheStsTasks) {
  expect_sun(
      read("{\"sentence1\": \"sun\", \"sentence2\": \"sunlight\", \"score\": 50}\n"
           "{\"sentence1\": \"bakery\", \"sentence2\": \"b\", \"score\": \"1.5\"}\n"));
  expect_sun(
      read("pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
           "1\tsun\tsunlight\t50\tNEUTRAL\n2\tbakery\tb\t1\tNEUTRAL\n"));
  const test::TemporaryFolder folder;
  folder.write("STS.gs.news.txt", "50\n\n1.25\n");
  const auto news = folder.write("STS.input.news.txt", "sun\tsunlight\nnot\tjudged\nbakery\tb\turl\turl\r\n");
  expect_sun(read_pair_benchmark(news));
  EXPECT_EQ(read_pair_benchmark(news).pairs[1].line, 3);
  folder.write("STS.gs.news.txt", "50\n");
  EXPECT_THAT(test::refusal_of([&] { read_pair_benchmark(news); }),
              testing::HasSubstr("fewer scores than pairs"));
  folder.write("STS.gs.news.txt", "50\n\n1\n2\n");
  EXPECT_THAT(test::refusal_of([&] { read_pair_benchmark(news); }),
              testing::HasSubstr("STS.gs.news.txt, line 4: more scores than pairs"));
  folder.write("STS.gs.news.txt", "50\n\n1\n\n");
  expect_sun(read_pair_benchmark(news));
}

TEST(Benchmarks, ReadsAnArrayOfObjects) {
  const auto benchmark = read(
      "\xef\xbb\xbf[{\"sentence1\": \"sun\", \"sentence2\": \"sunlight\", \"score\": 50},\n"
      " {\"sentence1\": \"bakery\", \"sentence2\": \"b\", \"score\": \"1.5\"}]");
  expect_sun(benchmark);
  EXPECT_EQ(benchmark.pairs[1].line, 2);
}

TEST(Benchmarks, TakesNoOtherValueForAText) {
  for (const char* value : {"null", "3", "[\"a\"]", "true"})
    EXPECT_THAT(
        problem_of(std::string("{\"sentence1\": ") + value + ", \"sentence2\": \"b\", \"score\": 1}\n"),
        testing::HasSubstr("line 1: \"sentence1\" is no string"));
  EXPECT_THAT(problem_of("{\"sentence1\": \"a\", \"sentence2\": \"b\", \"score\": 1} x\n"),
              testing::HasSubstr("line 1: malformed JSON"));
  EXPECT_THAT(problem_of("{\"sentence1\": \"a\", \"sentence2\": \"b\", \"score\": \"inf\"}\n"),
              testing::HasSubstr("line 1: \"score\" is \"inf\", expected a finite number"));
}

TEST(Benchmarks, ReadsObjectsByKeysGiven) {
  const PairColumns columns{"a", "b", "rating"};
  expect_sun(
      read("{\"a\": \"sun\", \"b\": \"sunlight\", \"rating\": 50}\n"
           "{\"a\": \"bakery\", \"b\": \"b\", \"rating\": 1}\n",
           columns));
  EXPECT_THAT(problem_of("{\"a\": \"sun\", \"rating\": 50}\n", columns),
              testing::HasSubstr("line 1: no \"b\""));
  EXPECT_THAT(problem_of("{\"x\": 1}\n"), testing::HasSubstr("no known keys"));
  EXPECT_THAT(problem_of("{\"sentence1\": \"a\", \"sentence2\": \"b\", \"score\": null}\n"),
              testing::HasSubstr("\"score\" is \"null\", expected a finite number"));
}

TEST(Benchmarks, NamesTheSetForItsFileOrFolder) {
  const test::TemporaryFolder folder;
  const std::string rows = "sun\tsunlight\t50\nbakery\tzebra\t0\n";
  EXPECT_EQ(read_pair_benchmark(folder.write("men.natural.txt", rows)).name, "men.natural");
  std::filesystem::create_directory(folder.path() / "sick");
  EXPECT_EQ(read_pair_benchmark(folder.write("sick/test.tsv", rows)).name, "sick-test");
}

TEST(Benchmarks, KeepsAHyphenThatIsPartOfAWord) {
  EXPECT_EQ(read("sun-n moon 5\na-v b-n 6\n").pairs[0].first, "sun-n");
}

TEST(Benchmarks, RefusesTooFewPairs) {
  EXPECT_THAT(problem_of(""), testing::HasSubstr("no rows"));
  EXPECT_THAT(problem_of("a\tb\t1\n"), testing::HasSubstr("1 pairs, expected at least 2"));
  EXPECT_THAT(problem_of("[]"), testing::HasSubstr("no known layout"));
}

TEST(Benchmarks, ReadsThePublishedFiles) {
  CONCEPTUNE_REQUIRE(test::input("simlex999.txt"));
  EXPECT_EQ(read_pair_benchmark(test::input("simlex999.txt")).pairs.size(), 999U);
  EXPECT_EQ(read_pair_benchmark(test::input("wordsim353.tsv")).pairs.size(), 353U);
  EXPECT_EQ(read_pair_benchmark(test::input("simlex999.txt")).name, "simlex999");
}

TEST(Benchmarks, ReadsTheFurtherPublishedFiles) {
  CONCEPTUNE_REQUIRE(test::shared("data/benchmarks/men.txt"));
  EXPECT_EQ(read_pair_benchmark(test::shared("data/benchmarks/men.txt")).pairs.size(), 3000U);
  const auto stsb = read_pair_benchmark(test::shared("data/benchmarks/stsb-dev.csv"));
  EXPECT_EQ(stsb.pairs.size(), 1500U);
  EXPECT_EQ(stsb.pairs[1].first, "A young child is riding a horse.");
  EXPECT_EQ(stsb.pairs[1].score, 4.75);
}

TEST(Benchmarks, ReadsTheCases) {
  const auto cases = test::shared("cases/benchmarks");
  CONCEPTUNE_REQUIRE(cases);
  const auto marked = read_pair_benchmark(cases / "bom_3col.tsv").pairs;
  const auto plain = read_pair_benchmark(cases / "rw_3col.tsv").pairs;
  ASSERT_EQ(marked.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(marked[i].first, plain[i].first);
    EXPECT_EQ(marked[i].second, plain[i].second);
    EXPECT_EQ(marked[i].score, plain[i].score);
  }
  EXPECT_EQ(plain[0].first, "car");
  EXPECT_EQ(read_pair_benchmark(cases / "bom_header.csv").pairs.size(), 12U);
}

}  // namespace
}  // namespace conceptune::evaluation
