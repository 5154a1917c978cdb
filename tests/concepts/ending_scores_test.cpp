#include "conceptune/concepts/ending_scores.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"
#include "tests/support/doubles.h"

namespace conceptune::concepts {
namespace {

/// log p of tokens [from, to) of a text run alone.
double log_prob(const model::Decoder& decoder, const std::vector<std::int32_t>& text, std::size_t from,
                std::size_t to) {
  model::PackedBatch batch;
  batch.append(text);
  const auto log_p = test::double_log_softmax(decoder.project(decoder.forward(batch)));
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += log_p.row(static_cast<std::int64_t>(i) - 1)[text[i]];
  return sum;
}

TEST(EndingScores, AreThoseOfTheTextsRunAlone) {
  const auto decoder = test::small_decoder();
  const std::vector<std::int32_t> ids = {3, 14, 15, 9, 26, 5};
  const std::vector<Ending> endings = {
      {2, {15}, {9, 26}}, {2, {40, 3}, {9, 26}}, {2, {8}, {}}, {6, {1, 2}, {}}};
  const auto scored = score_endings(decoder, ids, endings);
  for (std::size_t e = 0; e < endings.size(); ++e) {
    std::vector<std::int32_t> text(ids.begin(), ids.begin() + endings[e].position);
    const std::size_t begin = text.size();
    text.insert(text.end(), endings[e].word.begin(), endings[e].word.end());
    const std::size_t end = text.size();
    text.insert(text.end(), endings[e].following.begin(), endings[e].following.end());
    EXPECT_NEAR(scored.scores[e].word, log_prob(decoder, text, begin, end), 1e-4) << e;
    EXPECT_NEAR(scored.scores[e].following, log_prob(decoder, text, end, text.size()), 1e-4) << e;
  }
}

TEST(EndingScores, CompareTheLastTokensOfWordsAndWhatFollows) {
  const auto decoder = test::small_decoder();
  const std::vector<std::int32_t> ids = {3, 14, 15, 9};
  const std::vector<Ending> endings = {
      {2, {15}, {9, 5}}, {2, {15}, {9, 5}}, {2, {7, 15}, {9, 6}}, {2, {8}, {}}};
  const auto scored = score_endings(decoder, ids, endings);
  EXPECT_NEAR(scored.likeness(endings, 0, 1), 1, 1e-6);
  EXPECT_NEAR(scored.likeness_after(endings, 0, 1, 3), 1, 1e-6);
  EXPECT_LT(scored.likeness(endings, 0, 2), 0.9999);
  const auto& states = scored.states.substitute_MD;
  EXPECT_DOUBLE_EQ(scored.likeness(endings, 0, 2), cosine(states.row(0), states.row(7), states.width()));
  EXPECT_DOUBLE_EQ(scored.likeness_after(endings, 0, 2, 1),
                   cosine(states.row(1), states.row(8), states.width()));
  EXPECT_EQ(scored.likeness_after(endings, 0, 3, 3), 1);
}

}  // namespace
}  // namespace conceptune::concepts
