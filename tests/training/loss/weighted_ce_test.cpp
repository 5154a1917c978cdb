#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

TEST(WeightedCeLoss, WeighsContentWordsInTheSumAndInTheCount) {
  ObjectiveOptions options;
  options.content_weight = 7;
  for (const double concept_weight : {0.0, 1.0}) {
    options.concept_weight = concept_weight;
    const LossWeights weights = test::rule_named("weighted-ce").weights(options);
    EXPECT_EQ(weights.next_token, 1);
    EXPECT_EQ(weights.concept_words, 0);
    EXPECT_EQ(weights.content_token, 7);
    EXPECT_EQ(weights.content_count, 7);
  }
}

}  // namespace
}  // namespace conceptune::training
