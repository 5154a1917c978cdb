#include "conceptune/concepts/judgements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/concepts/judged.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using test::judged_row;
using test::kJudgementHead;
using ::testing::HasSubstr;
using Texts = std::vector<std::string>;

class JudgementsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_dataset(dataset(), {test::judged_record()});
    identity_ = dataset_identity(dataset());
  }
  std::filesystem::path dataset() const { return folder_.path() / "d"; }
  std::filesystem::path table(const std::string& name, const std::string& rows) const {
    return folder_.write(name, kJudgementHead + rows);
  }
  std::string quick(const std::string& annotator, const std::string& synonyms = "fast",
                    const std::string& rejected = "live") const {
    return judged_row(identity_, annotator, 4, "quick", "ADJ", synonyms, "", rejected);
  }
  std::string refusal(const std::vector<std::filesystem::path>& tables, bool with_dataset = true) const {
    return test::refusal_of(
        [&] { read_judgements(tables, with_dataset ? std::optional(dataset()) : std::nullopt); });
  }

  test::TemporaryFolder folder_;
  std::string identity_;
};

TEST_F(JudgementsTest, ComeTogetherInTheDatasetsOrder) {
  const auto anns =
      table("a", judged_row(identity_, "ann", 14, "saw", "VERB", "spied", "spied", "") + quick("ann"));
  const std::filesystem::path tables[] = {
      anns, table("b", judged_row(identity_, "bob", 4, "quick", "ADJ", "fast|swift", "swift", "rapid"))};
  const auto loose = read_judgements(tables, std::nullopt);
  EXPECT_EQ(loose.sets.at(0).word, "saw");
  const auto judgements = read_judgements(tables, dataset());
  EXPECT_EQ(judgements.people, (Texts{"ann", "bob"}));
  EXPECT_EQ(judgements.dataset, identity_);
  ASSERT_EQ(judgements.sets.size(), 2U);
  const JudgedSet& set = judgements.sets[0];
  EXPECT_EQ(set.word, "quick");
  EXPECT_EQ(set.candidates(), (Texts{"fast", "live", "rapid"}));
  EXPECT_EQ(set.added(), Texts{"swift"});
  EXPECT_EQ(verdict_of(set.rows.at(0), "fast"), true);
  EXPECT_EQ(verdict_of(set.rows.at(0), "live"), false);
  EXPECT_EQ(verdict_of(set.rows.at(0), "rapid"), std::nullopt);
  EXPECT_THAT(refusal({table("c", quick("bob", "fast|swift"))}),
              HasSubstr("'swift' is no candidate of the dataset's set"));
}

TEST_F(JudgementsTest, OfAnotherDatasetAreRefused) {
  const auto ours = table("a", quick("ann"));
  const auto other = table("b", judged_row("0123456789abcdef", "bob", 4, "quick", "ADJ", "fast", "", ""));
  EXPECT_THAT(refusal({ours, other}, false), HasSubstr("another dataset, or another version of it"));
  EXPECT_THAT(refusal({other}), HasSubstr("but the tables judge '0123456789abcdef'"));
}

TEST_F(JudgementsTest, OfOneNameInTwoTablesAreRefused) {
  const auto first = table("a", quick("ann"));
  const auto second = table("b", judged_row(identity_, "ann", 10, "cat", "NOUN", "feline", "", ""));
  EXPECT_THAT(refusal({first, second}), HasSubstr("two people of one name"));
  EXPECT_THAT(refusal({table("c", quick("ann") + quick("ann"))}),
              HasSubstr("line 3: ann judges 'quick' a second time"));
  EXPECT_THAT(refusal({table("c", quick("ann|bob"))}), HasSubstr("line 2: judged by 2 people"));
}

TEST_F(JudgementsTest, OfPlacesThatAreNoneAreRefused) {
  const auto at = [&](int begin, const std::string& word) {
    return std::vector{table("a", judged_row(identity_, "ann", begin, word, "NOUN", "", "", ""))};
  };
  EXPECT_THAT(refusal(at(18, "it")), HasSubstr("passage p has no content word 'it' at character 18"));
  EXPECT_THAT(refusal(at(10, "dog")), HasSubstr("passage p has no content word 'dog' at character 10"));
  EXPECT_THAT(
      refusal({at(10, "dog")[0], table("b", judged_row(identity_, "bob", 10, "cat", "NOUN", "", "", ""))}),
      HasSubstr("line 2: 'cat' at character 10 of passage p, where another row has 'dog'"));
}

TEST_F(JudgementsTest, AreNoTableOfAnotherKind) {
  EXPECT_THAT(refusal({folder_.write("a", "word\tsynonyms\nquick\tfast\n")}),
              HasSubstr("line 2: expected passage, begin, annotator and dataset"));
  EXPECT_THAT(refusal({table("a", "")}), HasSubstr("the table holds no judgements"));
}

}  // namespace
}  // namespace conceptune::concepts
