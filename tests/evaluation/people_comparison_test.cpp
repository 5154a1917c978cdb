#include "conceptune/evaluation/people_comparison.h"

#include <gtest/gtest.h>

#include "conceptune/concepts/dataset.h"
#include "tests/support/dataset_card.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

using words::PartOfSpeech;

class PeopleComparisonTest : public ::testing::Test {
 protected:
  void SetUp() override {
    concepts::ConceptRecord record{"p", "a red car and a dog", {1, 2, 3, 4, 5, 6}, {}};
    record.words = {
        {1, "red", PartOfSpeech::adj, {{{7}, "crimson", 1}}, {2, 5}},
        {2, "car", PartOfSpeech::noun, {{{7}, "Auto", 1}, {{8}, "van", 0.5}, {{9}, "pear", 0.1}}, {6, 9}},
        {5, "dog", PartOfSpeech::noun, {}, {16, 19}}};
    concepts::DatasetWriter writer(folder_.path() / "d", test::dataset_card("tokenizer", 10));
    writer.write(record);
    writer.commit();
  }
  PeopleComparison compare(const std::string& rows) const {
    return compare_with_people(folder_.path() / "d", folder_.write("t.tsv", rows), {.samples = 50}, 1);
  }

  test::TemporaryFolder folder_;
};

TEST_F(PeopleComparisonTest, CountsWhatPeopleWantAndReject) {
  const auto comparison = compare(
      "word\tsynonyms\trejected\n"
      "car\tauto|motorcar\tvan\n"
      "dog\thound\t\n");
  EXPECT_EQ(comparison.words, 3);
  EXPECT_EQ(comparison.compared, 2);
  // "auto" of auto, van, pear; wanted are auto, motorcar, hound.
  EXPECT_NEAR(comparison.strict.precision.value, 100.0 / 3, 1e-9);
  EXPECT_NEAR(comparison.strict.recall.value, 100.0 / 3, 1e-9);
  EXPECT_NEAR(comparison.lenient.precision.value, 100.0 / 2, 1e-9);  // nobody said anything of "pear"
  EXPECT_NEAR(comparison.lenient.f.value, 40, 1e-9);
  ASSERT_TRUE(comparison.alpha);
  EXPECT_EQ(comparison.to_json()["compared"], 2);
}

TEST_F(PeopleComparisonTest, AgreesWithItself) {
  const auto comparison = compare("word\tsynonyms\trejected\nred\tcrimson\tblue\n");
  EXPECT_EQ(comparison.strict.f.value, 100);
  EXPECT_DOUBLE_EQ(*comparison.alpha, 1);
}

TEST_F(PeopleComparisonTest, RefusesATableOfOtherWords) {
  EXPECT_NE(test::refusal_of([&] { compare("word\tsynonyms\nhouse\thome\n"); }).find("none of its rows"),
            std::string::npos);
}

}  // namespace
}  // namespace conceptune::evaluation
