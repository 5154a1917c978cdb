#include "conceptune/concepts/sample_for_people.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/concepts/judged.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

Json strata_in(const std::filesystem::path& dataset) {
  return DatasetReader(dataset).card().made_from["options"]["strata"];
}

class SampleForPeople : public ::testing::Test {
 protected:
  /// 80 passages of one noun, their scores 0, 1/80, …; 15 of one verb without synonyms; 5 without words.
  void SetUp() override {
    std::vector<ConceptRecord> records;
    for (int i = 0; i < 100; ++i) {
      ConceptRecord record{fmt::format("p{}", i), "a fire", {1, 2}, {}};
      if (i < 80)
        record.words.push_back({1, "fire", PartOfSpeech::noun, {{{3}, "blaze", i / 80.0}}, {2, 6}});
      else if (i < 95)
        record.words.push_back({1, "fire", PartOfSpeech::verb, {}, {2, 6}});
      records.push_back(record);
    }
    test::write_dataset(input(), records);
  }
  std::filesystem::path input() const { return folder_.path() / "in"; }
  std::vector<ConceptRecord> draw(const PeopleSample& sample) {
    const auto output = folder_.path() / fmt::format("out{}", ++draws_);
    sample_for_people(input(), sample, output);
    strata_.clear();
    for (const auto& stratum : strata_in(output))
      strata_[stratum["pos"].get<std::string>() + " " + stratum["certainty"].get<std::string>()] =
          stratum["drawn"].get<int>();
    return read_records(output);
  }

  test::TemporaryFolder folder_;
  int draws_ = 0;
  std::map<std::string, int> strata_;
};

using Strata = std::map<std::string, int>;

TEST_F(SampleForPeople, SharesOutAsTheDatasetIs) {
  EXPECT_EQ(draw({.passages = 19}).size(), 19U);
  EXPECT_EQ(strata_, (Strata{{"NOUN low", 5}, {"NOUN middle", 6}, {"NOUN high", 5}, {"VERB none", 3}}));
}

TEST_F(SampleForPeople, SharesOutEvenly) {
  EXPECT_EQ(draw({.passages = 20, .allocation = Allocation::equal}).size(), 20U);
  EXPECT_EQ(strata_, (Strata{{"NOUN low", 5}, {"NOUN middle", 5}, {"NOUN high", 5}, {"VERB none", 5}}));
  draw({.passages = 90, .allocation = Allocation::equal});  // more than an even share of the verbs
  EXPECT_EQ(strata_["VERB none"], 15);
}

TEST_F(SampleForPeople, IsThatOfItsSeedAndInTheDatasetsOrder) {
  const auto first = draw({.passages = 30, .seed = 1});
  EXPECT_EQ(draw({.passages = 30, .seed = 1}), first);
  EXPECT_NE(draw({.passages = 30, .seed = 2}), first);
  EXPECT_TRUE(std::ranges::is_sorted(first, {}, [](const auto& r) { return std::stoi(r.id.substr(1)); }));
}

TEST_F(SampleForPeople, KeepsTheDrawnWordsAlone) {
  test::write_dataset(folder_.path() / "one", {test::judged_record()});
  std::map<std::string, int> kept;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto output = folder_.path() / fmt::format("words{}", seed);
    sample_for_people(folder_.path() / "one", {.passages = 1, .words = 1, .seed = seed}, output);
    const auto records = read_records(output);
    ASSERT_EQ(records.at(0).words.size(), 1U);
    ++kept[records[0].words[0].word];
    for (const auto& stratum : strata_in(output))
      EXPECT_EQ(stratum["pos"], std::string(words::name_of(records[0].words[0].pos)));
  }
  EXPECT_GT(kept.size(), 1U);
}

TEST_F(SampleForPeople, RefusesMoreThanThereAre) {
  EXPECT_THAT(test::refusal_of([&] { draw({.passages = 96}); }),
              ::testing::HasSubstr("96 passages asked for, expected 1 to 95"));
  EXPECT_THROW(draw({.passages = 0}), InputError);
  EXPECT_EQ(draw({.passages = 95}).size(), 95U);
}

}  // namespace
}  // namespace conceptune::concepts
