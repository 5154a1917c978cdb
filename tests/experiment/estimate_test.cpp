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
  const auto flop = [&](const concepts::AnnotateOptions& options) {
    return annotation_flop(cost, {}, 2, 50, options);
  };
  concepts::AnnotateOptions options;
  options.source = concepts::SourceKind::wordnet;
  EXPECT_DOUBLE_EQ(flop(options), 100 * 1000 + 28 * 100);
  options.wordnet.use_candidates = false;
  EXPECT_DOUBLE_EQ(flop(options), 0);
  options.source = concepts::SourceKind::embedding;
  options.embedding.candidates = 60;
  EXPECT_DOUBLE_EQ(flop(options), (100 + 28 * 30) * 1000 + 28 * 100);
  options.source = concepts::SourceKind::continuation;
  const double usual = flop(options);
  EXPECT_GT(usual, 8 * 100 * 1000);
  EXPECT_LT(usual, 20 * 100 * 1000);
  options.continuation.following = 4;
  const double longer = flop(options);
  EXPECT_GT(longer, 1.5 * usual);
  options.continuation.shortlist = 0;
  EXPECT_GT(flop(options), 2 * longer);
}

TEST(AnnotationFlop, PricesWhatIsAskedAtTheAskedModelsCost) {
  const TokenCost model{.layers_flop = 1000, .head_flop = 100}, asked{.layers_flop = 50000, .head_flop = 0};
  const double passages = 2, length = 50, words = 28;
  const auto flop = [&](const concepts::AnnotateOptions& options) {
    return annotation_flop(model, asked, passages, length, options);
  };
  concepts::AnnotateOptions options;
  options.source = concepts::SourceKind::prompt;
  const double of_candidates = 100 * 1000 + words * 100;
  const double short_answers = flop(options);
  EXPECT_GT(short_answers, of_candidates + words * 300 * asked.layers_flop) << "a list of some 160 words";
  EXPECT_LT(short_answers, of_candidates + words * 450 * asked.layers_flop);
  options.prompt.max_new_tokens += 100;
  EXPECT_DOUBLE_EQ(flop(options) - short_answers, words * 100 * asked.layers_flop);
  options.prompt.max_new_tokens -= 100;
  options.prompt.order = concepts::PromptOrder::paper;  // which runs the passage anew for every word
  EXPECT_GT(flop(options), short_answers + words * length * asked.layers_flop);
  options.prompt.server.url = "http://answers";
  EXPECT_DOUBLE_EQ(flop(options), of_candidates);
  options.candidates.server.url = "http://candidates";
  EXPECT_DOUBLE_EQ(flop(options), 0);

  options = {};
  options.source = concepts::SourceKind::yes_no;
  const double questions = flop(options);
  EXPECT_GT(questions, words * (length + 200) * asked.layers_flop);
  EXPECT_LT(questions, words * (length + 500) * asked.layers_flop);
  options.yes_no.words = 10;
  EXPECT_LT(flop(options), 0.6 * questions);
  options.yes_no.pool = concepts::SubstitutePool::both;
  EXPECT_GT(flop(options), 0.2 * questions + of_candidates);
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
