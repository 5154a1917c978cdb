#include "conceptune/concepts/candidate_list_source.h"

#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/error.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;
using Texts = std::vector<std::string>;

Draft draft_of(const std::string& passage) {
  Draft draft;
  draft.record = {passage, "The car stopped.", {}, {{1, "car", PartOfSpeech::noun, {}}}};
  draft.candidates = {
      {{5, "road", 0.3}, {6, "Car", 0.2}, {7, "truck", 0.1}, {8, "Road", 0.05}, {9, "van", 0.01}}};
  return draft;
}

Texts synonyms(const CandidateListOptions& options, int count, const std::string& passage = "p") {
  Draft draft = draft_of(passage);
  EXPECT_EQ(CandidateListSource(options, count).fill({&draft, 1}, {}), (Outcomes{1, 1, 0, 0, 0}));
  Texts texts;
  for (const auto& synonym : draft.record.words[0].synonyms) texts.push_back(synonym.text);
  return texts;
}

TEST(CandidateListSource, GivesTheMostProbableOnesInTheirOrder) {
  EXPECT_EQ(synonyms({}, 10), (Texts{"road", "truck", "van"}));
  EXPECT_EQ(synonyms({}, 2), (Texts{"road", "truck"}));
  Draft draft = draft_of("p");
  CandidateListSource({}, 1).fill({&draft, 1}, {});
  EXPECT_EQ(draft.record.words[0].synonyms, (std::vector<Synonym>{{{5}, "road", 0.3}}));
}

TEST(CandidateListSource, DrawsBySeedPassageAndPlace) {
  std::set<Texts> draws;
  for (int seed = 0; seed < 20; ++seed) {
    const CandidateListOptions options{CandidateOrder::random, seed};
    EXPECT_EQ(synonyms(options, 3), synonyms(options, 3));
    draws.insert(synonyms(options, 3));
  }
  EXPECT_GT(draws.size(), 3U);
  draws.clear();
  for (const char* passage : {"a", "b", "c", "d", "e", "f", "g", "h"})
    draws.insert(synonyms({CandidateOrder::random, 1}, 3, passage));
  EXPECT_GT(draws.size(), 1U);
}

TEST(CandidateListSource, RefusesAWordWithoutCandidatesAndStopsWhenAsked) {
  Draft draft = draft_of("p");
  draft.candidates = {{}};
  EXPECT_EQ(CandidateListSource({}, 3).fill({&draft, 1}, {}), (Outcomes{1, 0, 0, 0, 1}));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(CandidateListSource({}, 3).fill({&draft, 1}, stop.get_token()), Interrupted);
}

}  // namespace
}  // namespace conceptune::concepts
