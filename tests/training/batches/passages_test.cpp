#include "conceptune/training/batches/passages.h"

#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

/// Tokens 10 … 15; words at 0, 2 and 4.
concepts::ConceptRecord make_record() {
  concepts::ConceptRecord record{"id", "text", {10, 11, 12, 13, 14, 15}, {}};
  record.words.push_back({0, "first", words::PartOfSpeech::noun, {{{40}, "other", 1}}});
  record.words.push_back(
      {2, "second", words::PartOfSpeech::noun, {{{20, 21}, "of two", 1}, {{22}, "x", 1}, {{20}, "y", 1}}});
  record.words.push_back({4, "third", words::PartOfSpeech::verb, {}});
  return record;
}

std::vector<std::int32_t> ids_of(const PassageWord& word) {
  std::vector<std::int32_t> ids;
  for (const auto& token : word.tokens) ids.push_back(token.id);
  return ids;
}

using Ids = std::vector<std::int32_t>;

std::vector<Ids> longer_ids_of(const PassageWord& word) {
  std::vector<Ids> ids;
  for (const auto& synonym : word.longer) ids.push_back(synonym.ids);
  return ids;
}

TEST(PreparePassage, KeepsWordsThatATokenBeforeThemPredicts) {
  const auto passage = prepare_passage(make_record(), {});
  EXPECT_EQ(passage.tokens, (Ids{10, 11, 12, 13, 14, 15}));
  ASSERT_EQ(passage.words.size(), 2u);
  EXPECT_EQ(passage.words[0].position, 2);
  EXPECT_EQ(ids_of(passage.words[0]), (Ids{12, 22, 20}));
  EXPECT_EQ(ids_of(passage.words[1]), (Ids{14}));
}

TEST(PreparePassage, ABeginTokenShiftsPositionsAndPredictsTheFirstWord) {
  PassageOptions options;
  options.begin_token = 1;
  const auto passage = prepare_passage(make_record(), options);
  EXPECT_EQ(passage.tokens, (Ids{1, 10, 11, 12, 13, 14, 15}));
  ASSERT_EQ(passage.words.size(), 3u);
  EXPECT_EQ(passage.words[0].position, 1);
  EXPECT_EQ(ids_of(passage.words[0]), (Ids{10, 40}));
}

TEST(PreparePassage, CutsTokensAndTheWordsBeyond) {
  PassageOptions options;
  options.begin_token = 1;
  options.batch.max_length = 4;
  const auto passage = prepare_passage(make_record(), options);
  EXPECT_EQ(passage.tokens, (Ids{1, 10, 11, 12}));
  EXPECT_EQ(passage.words.back().position, 3);
  options.batch.max_length = 100;
  EXPECT_EQ(prepare_passage(make_record(), options).tokens.size(), 7u);
}

TEST(PreparePassage, LimitsTheSetBySynonymsThatCount) {
  PassageOptions options;
  options.batch.synonyms = 1;
  EXPECT_EQ(ids_of(prepare_passage(make_record(), options).words[0]), (Ids{12, 22}));
  options.batch.multi_token_synonyms = MultiTokenSynonyms::first_token;
  EXPECT_EQ(ids_of(prepare_passage(make_record(), options).words[0]), (Ids{12, 20}));
  options.batch.synonyms = 10;
  // The first token of "of two" and the synonym "y" are the same token: its probability counts once.
  EXPECT_EQ(ids_of(prepare_passage(make_record(), options).words[0]), (Ids{12, 20, 22}));
}

TEST(PreparePassage, LongerSynonymsCountWithTheirProductUnlessWithinAnother) {
  PassageOptions options;
  options.batch.multi_token_synonyms = MultiTokenSynonyms::product;
  auto record = make_record();
  record.words[1].synonyms = {{{20, 21, 22}, "a", 1}, {{12, 9}, "b", 1}, {{20, 21}, "c", 1},
                              {{20, 23}, "d", 1},     {{30}, "e", 1},    {{30, 31}, "f", 1}};
  const PassageWord word = prepare_passage(record, options).words[0];
  EXPECT_EQ(ids_of(word), (Ids{12, 30}));
  EXPECT_EQ(longer_ids_of(word), (std::vector<Ids>{{20, 21}, {20, 23}}));
  options.batch.synonyms = 1;
  EXPECT_EQ(longer_ids_of(prepare_passage(record, options).words[0]), (std::vector<Ids>{{20, 21, 22}}));
}

TEST(PreparePassage, LongerSynonymsFillTheRoomWordByWord) {
  PassageOptions options;
  options.word_in_set = false;
  options.batch.multi_token_synonyms = MultiTokenSynonyms::product;
  options.batch.synonym_tokens = 4;
  auto record = make_record();
  record.words[1].synonyms = {{{20, 21}, "a", 1}, {{23, 9, 9}, "b", 1}, {{24, 9}, "c", 1}};
  record.words[2].synonyms = {{{25, 26, 27}, "d", 1}};
  const auto passage = prepare_passage(record, options);
  EXPECT_EQ(longer_ids_of(passage.words[0]), (std::vector<Ids>{{20, 21}, {24, 9}}));
  EXPECT_EQ(longer_ids_of(passage.words[1]), (std::vector<Ids>{{25, 26, 27}}));
  EXPECT_EQ(passage.synonym_tokens(), 4);
  EXPECT_EQ(passage.dropped, 1);
  const Json described = describe_passages(std::vector{passage});
  EXPECT_EQ(described["multi_token_synonyms"], 3);
  EXPECT_EQ(described["multi_token_synonym_tokens"], 4);
  EXPECT_EQ(described["multi_token_synonyms_dropped"], 1);
  options.batch.synonym_tokens = 0;
  EXPECT_TRUE(prepare_passage(record, options).words.empty());
}

TEST(PreparePassage, SetsWithoutTheWordMayBeEmpty) {
  PassageOptions options;
  options.word_in_set = false;
  const auto passage = prepare_passage(make_record(), options);
  ASSERT_EQ(passage.words.size(), 1u);
  EXPECT_EQ(ids_of(passage.words[0]), (Ids{22, 20}));
}

TEST(PreparePassage, RandomSetsAreAsLargeAsTheTrueOnesThatTheyReplace) {
  PassageOptions options;
  options.batch.synonyms = 2;
  auto record = make_record();
  record.words[1].synonyms = {{{20}, "a", 1}, {{21}, "b", 1}, {{22}, "c", 1}, {{23}, "d", 1}};
  EXPECT_EQ(ids_of(prepare_passage(record, options).words[0]), (Ids{12, 20, 21}));
  options.word_in_set = false;
  EXPECT_EQ(ids_of(prepare_passage(record, options).words[0]), (Ids{20, 21, 22}));
}

TEST(PreparePassage, SynonymsKeepTheirScoresInBatches) {
  PassageOptions options;
  options.batch.multi_token_synonyms = MultiTokenSynonyms::product;
  auto record = make_record();
  record.words[1].synonyms = {{{20, 21}, "a", 0.7}, {{22}, "b", 0.2}, {{22, 5}, "within b", 9}};
  const std::vector<TrainingPassage> passages = {prepare_passage(record, options)};
  const std::vector<std::size_t> indices = {0};
  const auto target = make_batch(passages, indices).targets.concepts.at(0);
  ASSERT_EQ(target.tokens.size(), 3u);
  EXPECT_EQ(target.tokens[1].id, 22);
  EXPECT_EQ(target.tokens[1].score, 0.2);
  EXPECT_EQ(target.tokens[2].id, 20);
  EXPECT_EQ(target.tokens[2].score, 0.7);
}

TEST(PreparePassage, RefusesScoresBelow0ThatWouldBeShares) {
  PassageOptions options;
  auto record = make_record();
  record.words[1].synonyms = {{{22}, "x", 0}, {{23}, "y", -0.5}};
  EXPECT_EQ(ids_of(prepare_passage(record, options).words[0]), (Ids{12, 22, 23}));
  options.takes_scores = true;
  try {
    prepare_passage(record, options);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("the score of 'y' for 'second' is -0.5"), std::string::npos)
        << error.what();
  }
  options.batch.synonyms = 1;  // what does not count may be anything
  EXPECT_EQ(ids_of(prepare_passage(record, options).words[0]), (Ids{12, 22}));
}

TEST(SwapSynonyms, DrawsSingleTokensAndKeepsTheSet) {
  Random random(3);
  std::set<std::int32_t> drawn;
  for (int i = 0; i < 50; ++i) {
    const auto swapped = swap_synonyms(make_record(), random);
    EXPECT_EQ(swapped.ids[0], 40);
    EXPECT_EQ(swapped.ids[4], 14);
    drawn.insert(swapped.ids[2]);
    const auto original = prepare_passage(make_record(), {}), copy = prepare_passage(swapped, {});
    const auto as_set = [](const PassageWord& word) {
      const Ids ids = ids_of(word);
      return std::set(ids.begin(), ids.end());
    };
    EXPECT_EQ(as_set(copy.words[0]), as_set(original.words[0]));
  }
  EXPECT_EQ(drawn, (std::set<std::int32_t>{20, 22}));
}

TEST(SplitPassages, IsASeededPartition) {
  const auto [training, validation] = split_passages(100, 0.1, 5);
  EXPECT_EQ(validation.size(), 10u);
  std::set<std::size_t> all(training.begin(), training.end());
  all.insert(validation.begin(), validation.end());
  EXPECT_EQ(all.size(), 100u);
  EXPECT_EQ(split_passages(100, 0.1, 5).second, validation);
  EXPECT_NE(split_passages(100, 0.1, 6).second, validation);
}

TEST(SplitPassages, SmallSetsKeepOneOfEach) {
  EXPECT_EQ(split_passages(2, 0.1, 1).second.size(), 1u);
  EXPECT_EQ(split_passages(2, 0.9, 1).first.size(), 1u);
  EXPECT_EQ(split_passages(1, 0.5, 1).first.size() + split_passages(1, 0.5, 1).second.size(), 1u);
  EXPECT_TRUE(split_passages(9, 0, 1).second.empty());
}

/// The draws of passages 0 and 1 in a batch with these indices; passages have two words and one.
std::vector<double> draws_of(const std::vector<std::size_t>& indices, std::uint64_t seed,
                             std::int64_t epoch) {
  const std::vector<TrainingPassage> passages = {
      {{1, 2, 3}, {{1, {{2}}}, {2, {{3}}}}}, {{4, 5}, {{1, {{5}}}}}, {{6, 7}, {}}};
  auto targets = make_batch(passages, indices).targets;
  for (const auto& target : targets.concepts) EXPECT_FALSE(target.draw);
  draw_for_epoch(passages, indices, seed, epoch, targets);
  std::vector<double> draws;
  for (const auto& target : targets.concepts) draws.push_back(target.draw.value());
  return draws;
}

TEST(DrawForEpoch, DependsOnSeedEpochAndPassageAlone) {
  const auto draws = draws_of({0, 2, 1}, 1, 3);
  ASSERT_EQ(draws.size(), 3u);
  EXPECT_EQ(draws_of({1, 0}, 1, 3), (std::vector<double>{draws[2], draws[0], draws[1]}));
  EXPECT_EQ(draws_of({1}, 1, 3), (std::vector<double>{draws[2]}));
  EXPECT_EQ(std::set<double>(draws.begin(), draws.end()).size(), 3u);
  for (const auto& other : {draws_of({0, 2, 1}, 2, 3), draws_of({0, 2, 1}, 1, 4)})
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(other[i], draws[i]);
}

TEST(DrawForEpoch, CoversAllDrawsEvenly) {
  std::vector<int> counts(4, 0);
  for (std::int64_t epoch = 0; epoch < 1000; ++epoch)
    for (const double draw : draws_of({0, 1}, 7, epoch)) ++counts.at(static_cast<std::size_t>(4 * draw));
  for (const int count : counts) EXPECT_NEAR(count, 750, 100);  // four standard deviations
}

TEST(MakeBatch, LongerSynonymsAreBranchesThatPredictTheirFurtherTokens) {
  const std::vector<TrainingPassage> passages = {{{1, 2, 3}, {{2, {{3}}, {{{7, 8, 9}}, {{7, 5}}}}}},
                                                 {{4, 5}, {}}};
  const std::vector<std::size_t> indices = {1, 0};
  const auto batch = make_batch(passages, indices);
  EXPECT_EQ(batch.packed.tokens, (Ids{4, 5, 1, 2, 3, 7, 8, 7}));
  EXPECT_EQ(batch.packed.positions(), (Ids{0, 1, 0, 1, 2, 2, 3, 2}));
  EXPECT_EQ(batch.passage_tokens(), 5);
  EXPECT_EQ(batch.targets.rows, (std::vector<std::int64_t>{0, 2, 3}));
  ASSERT_EQ(batch.targets.further.size(), 3u);
  const std::pair<std::int64_t, std::int32_t> expected[] = {{5, 8}, {6, 9}, {7, 5}};
  for (std::size_t f = 0; f < 3; ++f) {
    EXPECT_EQ(batch.targets.further[f].row, expected[f].first);
    EXPECT_EQ(batch.targets.further[f].id, expected[f].second);
  }
  const auto& set = batch.targets.concepts.at(0).tokens;
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set[1].id, 7);
  EXPECT_EQ(set[1].further_end, 2u);
  EXPECT_EQ(set[2].further_begin, 2u);
  EXPECT_EQ(set[2].further_end, 3u);
}

TEST(MakeBatch, RowsPredictTheNextTokenWithinEachPassage) {
  const std::vector<TrainingPassage> passages = {
      {{1, 2, 3}, {{2, {{3}, {9}}}}}, {{4, 5}, {}}, {{6, 7}, {{1, {{7}}}}}};
  const std::vector<std::size_t> indices = {2, 0};
  const auto batch = make_batch(passages, indices);
  EXPECT_EQ(batch.packed.tokens, (Ids{6, 7, 1, 2, 3}));
  EXPECT_EQ(batch.packed.starts, (Ids{0, 2, 5}));
  EXPECT_EQ(batch.targets.rows, (std::vector<std::int64_t>{0, 2, 3}));
  EXPECT_EQ(batch.targets.next_tokens, (Ids{7, 2, 3}));
  ASSERT_EQ(batch.targets.concepts.size(), 2u);
  EXPECT_EQ(batch.targets.concepts[0].row, 0);
  EXPECT_EQ(batch.targets.concepts[1].row, 2);
}

}  // namespace
}  // namespace conceptune::training
