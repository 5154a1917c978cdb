#include "conceptune/concepts/wordnet_source.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;
using Texts = std::vector<std::string>;

std::shared_ptr<const WordNet> wordnet() {
  static const auto database = WordNet::load(WordNetOptions{}.folder);
  return database;
}

Draft draft_of(std::string word, PartOfSpeech pos, const Texts& candidates) {
  Draft draft;
  draft.record.words.push_back({0, std::move(word), pos, {}});
  draft.candidates.emplace_back();
  for (const auto& text : candidates) {
    const auto id = static_cast<std::int32_t>(draft.candidates[0].size());
    draft.candidates[0].push_back({id, text, 0.5 / (1 + id)});
  }
  return draft;
}

Texts texts_of(const Draft& draft) {
  Texts texts;
  for (const auto& synonym : draft.record.words[0].synonyms) texts.push_back(synonym.text);
  return texts;
}

class WordNetSourceTest : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun"); }

  Texts choose(const std::string& word, PartOfSpeech pos, const Texts& candidates, int max_synonyms = 10) {
    Draft draft = draft_of(word, pos, candidates);
    outcomes_ = WordNetSource(wordnet(), nullptr, options_, max_synonyms).fill({&draft, 1}, {});
    return texts_of(draft);
  }

  WordNetOptions options_;
  Outcomes outcomes_;
};

TEST_F(WordNetSourceTest, KeepsCloseCandidatesInTheirOrder) {
  EXPECT_EQ(choose("fire", PartOfSpeech::noun, {"table", "inferno", "blaze", "idea", "flame"}),
            (Texts{"inferno", "blaze", "flame"}));
  EXPECT_EQ(outcomes_, (Outcomes{1, 1, 0, 0, 0}));
  EXPECT_EQ(choose("rapid", PartOfSpeech::adj, {"fast", "blue"}), Texts{"fast"});
}

TEST_F(WordNetSourceTest, SeesThroughInflections) {
  EXPECT_EQ(choose("fires", PartOfSpeech::noun, {"infernos", "tables"}), Texts{"infernos"});
  EXPECT_EQ(choose("purchased", PartOfSpeech::verb, {"bought", "ran"}), Texts{"bought"});
}

TEST_F(WordNetSourceTest, LeavesTheWordItselfOut) {
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"Dog", "dogs", "puppy", "Puppy"}), Texts{"puppy"});
  options_.keep_inflections = true;
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"Dog", "dogs", "puppy"}), (Texts{"dogs", "puppy"}));
}

TEST_F(WordNetSourceTest, HoldsToThePartOfSpeech) {
  EXPECT_EQ(choose("run", PartOfSpeech::verb, {"footrace", "operate"}), Texts{"operate"});
  EXPECT_EQ(choose("run", PartOfSpeech::noun, {"footrace", "operate"}), Texts{"footrace"});
}

TEST_F(WordNetSourceTest, FollowsOnlyTheRelationsAskedFor) {
  options_.relations = {};
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"puppy", "animal", "frump"}), Texts{"frump"});
  options_.relations = {WordNetRelation::hyponym};
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"puppy", "carnivore"}), Texts{"puppy"});
  options_.relations = {WordNetRelation::hypernym};
  options_.depth = 2;
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"puppy", "carnivore"}), Texts{"carnivore"});
  options_.senses = 1;
  EXPECT_EQ(choose("dog", PartOfSpeech::noun, {"frump", "carnivore"}), Texts{"carnivore"});
}

TEST_F(WordNetSourceTest, StopsAtTheLimitAndCountsWhatItCouldNotAnswer) {
  EXPECT_EQ(choose("fire", PartOfSpeech::noun, {"inferno", "blaze", "flame"}, 2),
            (Texts{"inferno", "blaze"}));
  EXPECT_TRUE(choose("fire", PartOfSpeech::noun, {"idea"}).empty());
  EXPECT_EQ(outcomes_, (Outcomes{1, 0, 1, 0, 0}));
  EXPECT_TRUE(choose("blorgification", PartOfSpeech::noun, {"idea"}).empty());
  EXPECT_EQ(outcomes_, (Outcomes{1, 0, 0, 0, 1}));
}

TEST_F(WordNetSourceTest, ListsItsOwnWordsWithoutCandidates) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const auto tokenizer = tokenizer::Tokenizer::load(path);
  options_.use_candidates = false;
  options_.senses = 1;
  const WordNetSource source(wordnet(), tokenizer, options_, 4);
  Draft draft = draft_of("dogs", PartOfSpeech::noun, {});
  source.fill({&draft, 1}, {});
  const auto& synonyms = draft.record.words[0].synonyms;
  ASSERT_EQ(synonyms.size(), 4U);
  // The synset's other words, then its hypernyms.
  EXPECT_EQ(synonyms[0].text, "domestic dog");
  EXPECT_EQ(synonyms[1].text, "Canis familiaris");
  EXPECT_EQ(synonyms[0].score, 1.0);
  EXPECT_EQ(synonyms[2].score, 0.5);
  for (const auto& synonym : synonyms) EXPECT_EQ(synonym.ids, tokenizer->encode_ids(" " + synonym.text));
  EXPECT_EQ(tokenizer->decode(synonyms[0].ids), " domestic dog");
}

TEST_F(WordNetSourceTest, ListsWordsInTheWordsOwnForm) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  options_.use_candidates = false;
  const WordNetSource source(wordnet(), tokenizer::Tokenizer::load(path), options_, 10);
  Draft draft = draft_of("bought", PartOfSpeech::verb, {});
  draft.tags = {"VBD"};
  source.fill({&draft, 1}, {});
  EXPECT_EQ(texts_of(draft).front(), "purchased");
  draft.tags = {"VBG"};
  source.fill({&draft, 1}, {});
  EXPECT_EQ(texts_of(draft).front(), "purchasing");
}

TEST_F(WordNetSourceTest, StopsWhenAsked) {
  Draft draft = draft_of("dog", PartOfSpeech::noun, {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(WordNetSource(wordnet(), nullptr, options_, 10).fill({&draft, 1}, stop.get_token()),
               Interrupted);
}

}  // namespace
}  // namespace conceptune::concepts
