// Names in files and the paper's values (section 3.3, appendix B).
#include "conceptune/training/options.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

TEST(TrainingOptions, DefaultsAreThePapers) {
  EXPECT_EQ(BatchOptions().passages, 2);
  EXPECT_EQ(BatchOptions().synonyms, 10);
  EXPECT_EQ(OptimizerOptions().learning_rate, 7e-5);
}

TEST(TrainingOptions, AuthorsPresetIsTheReleasedCodes) {
  const TrainingOptions options = authors_preset();
  EXPECT_EQ(options.batch.passages, 8);
  EXPECT_EQ(options.batch.accumulation, 2);
  EXPECT_EQ(options.batch.max_length, 256);
  EXPECT_EQ(options.batch.synonyms, 10);
  EXPECT_EQ(options.batch.multi_token_synonyms, MultiTokenSynonyms::first_token);
  EXPECT_EQ(options.objective.loss.name(), "blended");
  EXPECT_EQ(options.objective.target_mass, 0.6);
  EXPECT_EQ(options.method, Method::lora);
  EXPECT_EQ(options.lora.rank, 4);
  EXPECT_EQ(options.lora.alpha, 4);
  EXPECT_EQ(options.lora.dropout, 0.2);
  EXPECT_EQ(options.lora.targets, (std::vector<std::string>{"q_proj", "k_proj", "v_proj", "o_proj"}));
  EXPECT_EQ(options.optimizer.schedule, Schedule::cosine);
  EXPECT_EQ(options.optimizer.clip_norm, 1);
  EXPECT_EQ(options.epochs, 5);
  EXPECT_EQ(options.seed, 42);
  EXPECT_EQ(options.patience, 5);
  EXPECT_EQ(options.optimizer.warmup, 0.08);
  EXPECT_EQ(options.optimizer.weight_decay, 0.05);
  EXPECT_EQ(options.threshold, 0.001);
  EXPECT_EQ(options.optimizer.learning_rate, TrainingOptions().optimizer.learning_rate);
}

TEST(TrainingOptions, PresetsHaveNames) {
  EXPECT_EQ(preset_named("paper")->batch.passages, TrainingOptions().batch.passages);
  EXPECT_EQ(preset_named("authors")->batch.passages, 8);
  EXPECT_FALSE(preset_named("theirs"));
}

TEST(TrainingOptions, EnumsHaveTheNamesOfTheField) {
  EXPECT_EQ(names_of<MultiTokenSynonyms>(), "skip, first-token, product");
  EXPECT_EQ(names_of<Method>(), "lora, full");
  EXPECT_EQ(names_of<Schedule>(), "constant, linear, cosine");
}

}  // namespace
}  // namespace conceptune::training
