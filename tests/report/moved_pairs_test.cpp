#include "conceptune/report/moved_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/messages.h"
#include "tests/report/item_file.h"
#include "tests/report/sample_results.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::report {
namespace {

struct MovedPairs : testing::Test {
  MovedPairs() : results(sample_results()) {
    for (const auto& subject : results.evaluations[0].results.subjects)
      results.evaluations[0].results.item_files.push_back(
          {subject.name, "simlex999", "", "items/" + subject.name});
  }

  void write(const std::string& subject, const std::vector<double>& cosines) const {
    const char* const pairs[][2] = {{"old", "new"}, {"smart", "clever"}, {"cup", "tree"}, {"big", "large"}};
    const double scores[] = {1, 9, 2, 8};
    std::vector<Json> items;
    for (std::size_t i = 0; i < cosines.size(); ++i)
      items.push_back(
          {{"first", pairs[i][0]}, {"second", pairs[i][1]}, {"score", scores[i]}, {"cosine", cosines[i]}});
    test::write_item_file(folder.path(), subject, items);
  }

  test::TemporaryFolder folder;
  experiment::Results results;
};

TEST_F(MovedPairs, AreToldByTheirPlaces) {
  // People: old–new 1/8, cup–tree 3/8, big–large 5/8, smart–clever 7/8. Before, old–new stands last; after,
  // where people put it.
  write("base", {0, 0, 0, 0});
  write("concept_weight 0.0", {0.9, 0.6, 0.1, 0.5});
  write("concept_weight 1.0", {0.1, 0.9, 0.2, 0.8});
  const auto tables = moved_pair_tables(results, folder.path());
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].caption,
            "SmolLM2, simlex999: pairs that moved most from concept_weight 0.0 to concept_weight 1.0");
  ASSERT_EQ(tables[0].rows.size(), 4U);
  const auto& first = tables[0].rows[0];
  EXPECT_EQ(first[0].text, "old – new");
  EXPECT_EQ(first[2].numbers[0].value, 0.125);
  EXPECT_EQ(first[3].numbers[0].value, 0.875);
  EXPECT_EQ(first[4].numbers[0].value, 0.125);
  EXPECT_EQ(first[5].text, "nearer");
  EXPECT_EQ(first[5].detail, "by 75 %");
}

TEST_F(MovedPairs, GoBothWays) {
  write("base", {0, 0, 0, 0});
  write("concept_weight 0.0", {0.1, 0.9, 0.2, 0.8});
  write("concept_weight 1.0", {0.9, 0.6, 0.1, 0.5});
  const auto tables = moved_pair_tables(results, folder.path());
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].rows.size(), 4U);
  EXPECT_EQ(tables[0].rows[0][0].text, "old – new");
  for (const auto& row : tables[0].rows) EXPECT_EQ(row[5].text, "farther") << "nothing came nearer";
}

TEST_F(MovedPairs, AreLeftOutWithoutItemsAndWarnedOfWhereDamaged) {
  EXPECT_TRUE(moved_pair_tables(results, folder.path()).empty());
  write("concept_weight 0.0", {0.1, 0.9, 0.2, 0.8});
  const auto warning = [&] {
    std::string warned;
    set_message_sink([&](Severity, std::string_view message) { warned = message; });
    EXPECT_TRUE(moved_pair_tables(results, folder.path()).empty());
    set_message_sink(nullptr);
    return warned;
  };
  test::write_item_file(folder.path(), "concept_weight 1.0", {{{"first", 1}}});
  EXPECT_THAT(warning(), testing::HasSubstr("expected a pair with first, second, score and cosine"));
  folder.write("concept_weight 1.0", "{\"items\":1}\n{\"first\":1}\n");
  EXPECT_THAT(warning(), testing::HasSubstr("the first line does not describe what follows"));
}

}  // namespace
}  // namespace conceptune::report
