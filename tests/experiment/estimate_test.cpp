#include "conceptune/experiment/estimate.h"

#include <gtest/gtest.h>

namespace conceptune::experiment {
namespace {

TEST(ForwardCost, IsTwoOperationsAWeight) {
  weights::ModelConfig smollm2;
  smollm2.layers = 30;
  smollm2.width = 576;
  smollm2.heads = 9;
  smollm2.kv_heads = 3;
  smollm2.head_size = 64;
  smollm2.mlp_width = 1536;
  smollm2.vocabulary = 49152;
  const TokenCost cost = forward_cost(smollm2);
  EXPECT_DOUBLE_EQ(cost.head_flop, 2.0 * 49152 * 576);
  // Forward and the gradient of the input: 0.54 GFLOP a token trained.
  EXPECT_NEAR(2 * (cost.layers_flop + cost.head_flop), 0.54e9, 0.01e9);
}

TEST(AnnotationFlop, CountsWhatASourceRunsForAWord) {
  const TokenCost cost{.layers_flop = 1000, .head_flop = 100};
  concepts::AnnotateOptions options;
  options.source = concepts::SourceKind::wordnet;
  EXPECT_DOUBLE_EQ(annotation_flop(cost, 100, options), 100 * 1000 + 28 * 100);
  options.source = concepts::SourceKind::embedding;
  options.embedding.candidates = 60;
  EXPECT_DOUBLE_EQ(annotation_flop(cost, 100, options), (100 + 28 * 30) * 1000 + 28 * 100);
  options.source = concepts::SourceKind::continuation;
  const double usual = annotation_flop(cost, 100, options);
  EXPECT_GT(usual, 8 * 100 * 1000);
  EXPECT_LT(usual, 20 * 100 * 1000);
  options.continuation.following = 4;
  const double longer = annotation_flop(cost, 100, options);
  EXPECT_GT(longer, 1.5 * usual);
  options.continuation.shortlist = 0;
  EXPECT_GT(annotation_flop(cost, 100, options), 2 * longer);
}

TEST(ExpectedSteps, CountsUpdatesOfAllEpochs) {
  training::TrainingOptions options;
  options.epochs = 5;
  options.batch.passages = 2;
  EXPECT_EQ(expected_steps(options, 1801, 200), 5 * 901);
  options.batch.accumulation = 4;
  EXPECT_EQ(expected_steps(options, 1800, 200), 5 * 225);
  options.max_steps = 100;
  EXPECT_EQ(expected_steps(options, 1800, 200), 100);
}

TEST(ExpectedSteps, BatchesByTokensHoldWholePassages) {
  training::TrainingOptions options;
  options.epochs = 1;
  options.batch.tokens = 1000;
  EXPECT_EQ(expected_steps(options, 100, 300), 34);  // three passages each
  EXPECT_EQ(expected_steps(options, 10, 5000), 10);  // a passage longer than that is a batch of its own
}

}  // namespace
}  // namespace conceptune::experiment
