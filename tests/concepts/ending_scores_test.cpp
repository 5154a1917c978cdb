#include "conceptune/concepts/ending_scores.h"

#include <gtest/gtest.h>

#include "tests/concepts/run_alone.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::concepts {
namespace {

using Ids = std::vector<std::int32_t>;

TEST(EndingScores, AreThoseOfTheTextsRunAlone) {
  const auto decoder = test::small_decoder();
  const std::vector<Ids> ids = {{3, 14, 15, 9, 26, 5}, {8, 2, 6}};
  const std::vector<Ending> endings = {{2, {15}, {9, 26}, 0, true},  // the text's own
                                       {2, {40, 3}, {9, 26}, 0, true},
                                       {2, {8}, {}, 0, true},
                                       {2, {8}, {}},           // nothing to run
                                       {2, {8}, {9, 26}},      // what is not the last
                                       {2, {40, 3}, {9, 26}},  // as above
                                       {6, {1, 2}, {}},
                                       {2, {15}, {9, 7}, 0, true},  // begins as the text does
                                       {5, {5}, {9}, 0, true},      // goes on where the text ends
                                       {1, {40}, {6}, 1, true},
                                       {2, {6}, {}, 1, true}};
  SharedTexts texts(decoder, ids);
  const auto scored = score_endings(texts, endings);
  std::vector<test::RunAlone> alone;
  for (const auto& ending : endings)
    alone.push_back(test::run_alone(decoder, ids[static_cast<std::size_t>(ending.text)], ending));
  for (std::size_t e = 0; e < endings.size(); ++e) {
    EXPECT_NEAR(scored.scores[e].word, alone[e].score.word, 1e-4) << e;
    ASSERT_EQ(scored.scores[e].following.size(), endings[e].following.size());
    for (std::size_t i = 0; i < endings[e].following.size(); ++i)
      EXPECT_NEAR(scored.scores[e].following[i], alone[e].score.following[i], 1e-4) << e;
    if (!endings[e].wants_state) continue;
    EXPECT_NEAR(scored.likeness(0, e),
                cosine(alone[0].state.row(0), alone[e].state.row(0), decoder.config().width), 1e-5)
        << e;
  }
}

}  // namespace
}  // namespace conceptune::concepts
