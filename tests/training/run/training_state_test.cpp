#include "conceptune/training/run/training_state.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

TEST(TrainingStateFile, ReadsBackToTheSameText) {
  TrainingState state;
  EXPECT_EQ(state_to_json(state_from_json(state_to_json(state), "")), state_to_json(state));
  state.step = 7;
  state.record_evaluation(0.1 + 0.2, 3, 0);
  state.unlogged.sums.concept_loss = 1.0 / 3;
  state.unlogged.denominators.concept_words = 5;
  state.seconds = 1e-7;
  const Json json = parse_json(to_json_text(state_to_json(state)), "", "");
  const TrainingState read = state_from_json(json, "");
  EXPECT_EQ(state_to_json(read), state_to_json(state));
  EXPECT_EQ(read.best_loss, 0.1 + 0.2);
  EXPECT_EQ(read.unlogged.sums.concept_loss, 1.0 / 3);
}

TEST(TrainingStateFile, RefusesMissingAndMistypedValues) {
  Json json = state_to_json({});
  json.erase("tokens");
  EXPECT_THROW(state_from_json(json, "state.json"), InputError);
  json = state_to_json({});
  json["unlogged"]["mass"] = "much";
  EXPECT_THROW(state_from_json(json, "state.json"), InputError);
  EXPECT_THROW(state_from_json(Json::array(), "state.json"), InputError);
}

TEST(EarlyStopping, CountsEvaluationsWithoutAFallByTheThreshold) {
  TrainingState state;
  const auto evaluate = [&](double loss) {
    state.step += 10;
    return state.record_evaluation(loss, 2, 0.1);
  };
  EXPECT_TRUE(evaluate(3));
  EXPECT_TRUE(evaluate(2.95));  // best, but not by the threshold
  EXPECT_FALSE(state.stopped_early);
  EXPECT_TRUE(evaluate(2.5));
  EXPECT_EQ(state.evaluations_without_improvement, 0);
  EXPECT_FALSE(evaluate(2.6));
  EXPECT_FALSE(state.stopped_early);
  EXPECT_FALSE(evaluate(std::nan("")));  // no improvement either
  EXPECT_TRUE(state.stopped_early);
  EXPECT_EQ(state.best_step, 30);
}

TEST(EarlyStopping, PatienceZeroNeverStops) {
  TrainingState state;
  for (int i = 0; i < 20; ++i) state.record_evaluation(i, 0, 0);
  EXPECT_FALSE(state.stopped_early);
}

}  // namespace
}  // namespace conceptune::training
