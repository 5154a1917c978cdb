#include "conceptune/report/moved_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/messages.h"
#include "conceptune/results/item_files.h"
#include "tests/report/item_file.h"
#include "tests/report/sample_results.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::report {
namespace {

/// Six passages "The CAT|Cat met dogs", of which three tokens are predicted: a cat at 0 and dogs at 2; in the
/// last one "owls" is in the place of dogs.
struct MovedWords : testing::Test {
  MovedWords() : results(sample_results()) {
    auto& evaluated = results.evaluations[0].results;
    for (const auto& subject : evaluated.subjects)
      evaluated.item_files.push_back({subject.name, "held-out", "", "items/" + subject.name});
    evaluated.item_files.push_back(
        {"base", "held-out", std::string(evaluation::kContentWords), "items/words"});
    std::vector<Json> passages;
    for (int i = 0; i < 6; ++i)
      passages.push_back(evaluation::passage_words_to_json(
          {std::to_string(i), {i % 2 == 0 ? "Cat" : "cat", i < 5 ? "dogs" : "owls"}}));
    test::write_item_file(folder.path(), "words", passages);
  }

  void write(const std::string& subject, double cat, double dogs, int passages = 6) const {
    std::vector<Json> items;
    for (int i = 0; i < passages; ++i) {
      const evaluation::PassageScores scores{.id = std::to_string(i),
                                             .nll = {cat + (i % 2), 7, dogs},
                                             .correct = {0, 0, 0},
                                             .content = {{0, false, 1}, {2, false, 1}}};
      items.push_back(evaluation::passage_scores_to_json(scores));
    }
    test::write_item_file(folder.path(), subject, items);
  }

  test::TemporaryFolder folder;
  experiment::Results results;
};

TEST_F(MovedWords, AreToldByTheirMeanOverOccurrences) {
  write("base", 0, 0);
  write("concept_weight 0.0", 4, 2);
  write("concept_weight 1.0", 3.5, 2.25);
  const auto tables = moved_word_tables(results, folder.path());
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].caption,
            "SmolLM2, held-out: content words that moved most from concept_weight 0.0 to concept_weight 1.0");
  ASSERT_EQ(tables[0].rows.size(), 2U) << "owls occur too seldom";
  const auto number = [&](std::size_t row, std::size_t column) {
    return tables[0].rows[row][column].numbers[0].value;
  };
  EXPECT_EQ(tables[0].rows[0][0].text, "cat");
  EXPECT_EQ(number(0, 1), 6);
  EXPECT_EQ(number(0, 2), 4.5) << "odd passages are worse by 1";
  EXPECT_EQ(number(0, 3), 4);
  EXPECT_EQ(number(0, 4), -0.5);
  EXPECT_EQ(tables[0].rows[1][0].text, "dogs");
  EXPECT_EQ(number(1, 1), 5);
  EXPECT_EQ(number(1, 4), 0.25);
}

TEST_F(MovedWords, AreLeftOutWhereItemsAreMissingOrOfOtherWords) {
  EXPECT_TRUE(moved_word_tables(results, folder.path()).empty());
  write("concept_weight 0.0", 4, 2);
  write("concept_weight 1.0", 3, 2, 5);
  EXPECT_TRUE(moved_word_tables(results, folder.path()).empty());
}

TEST_F(MovedWords, WarnOfDamagedItems) {
  write("concept_weight 0.0", 4, 2);
  test::write_item_file(folder.path(), "concept_weight 1.0", {{{"id", "0"}}});
  std::string warning;
  set_message_sink([&](Severity, std::string_view message) { warning = message; });
  EXPECT_TRUE(moved_word_tables(results, folder.path()).empty());
  set_message_sink(nullptr);
  EXPECT_THAT(warning, testing::HasSubstr("line 2"));
  EXPECT_THAT(warning, testing::HasSubstr("expected a passage with nll and content"));
}

}  // namespace
}  // namespace conceptune::report
