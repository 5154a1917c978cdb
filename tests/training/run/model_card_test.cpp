// What a card says of a training.
#include "conceptune/training/run/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

using testing::HasSubstr;
using testing::Not;

TrainingData some_data() {
  TrainingData data;
  data.training.resize(7);
  data.validation.resize(2);
  data.made_from = {{"datasets", {"0123456789abcdef", "fedcba9876543210"}},
                    {"validation_datasets", Json::array()},
                    {"model", "aaaabbbbccccdddd"}};
  data.concept_sources = {"wordnet: 9 content words, 8 of them with synonyms, 5.4 each"};
  return data;
}

TEST(ModelCard, TellsWhatWasTrainedOnWhat) {
  TrainingOptions options;
  options.objective.concept_weight = 0.25;
  options.lora.rank = 8;
  const std::string text = describe_training("Best of the run.", options, some_data());
  EXPECT_TRUE(text.starts_with("Best of the run.\n\n## Training\n"));
  EXPECT_THAT(
      text,
      HasSubstr("| loss | paper |\n| λ, weight of the concept loss | 0.25 |\n| τ, target mass | 0.6 |\n"));
  EXPECT_THAT(
      text, HasSubstr("| trained | LoRA of rank 8, alpha 4, dropout 0, on q_proj, k_proj, v_proj, o_proj |"));
  EXPECT_THAT(text, HasSubstr("| passages | 7 to train on, 2 to validate on |"));
  EXPECT_THAT(text, HasSubstr("| 0123456789ab, fedcba987654 |"));
  EXPECT_THAT(text, HasSubstr("| base model (SHA-256) | aaaabbbbcccc |"));
  EXPECT_THAT(text, HasSubstr("| source of the concepts | wordnet: 9 content words"));
  EXPECT_THAT(text, HasSubstr("| epochs at most | 5, 20 steps |"));
  EXPECT_THAT(text, Not(HasSubstr("validated on |")));
}

TEST(ModelCard, LeavesOutWhatTheLossDoesNotUse) {
  for (const Loss loss : Loss::all()) {
    TrainingOptions options;
    options.objective.loss = loss;
    const std::string text = describe_training("", options, some_data());
    EXPECT_EQ(text.find("λ") != text.npos, loss.rule().uses_concept_weight) << loss.name();
    EXPECT_EQ(text.find("τ") != text.npos, loss.rule().uses_target_mass) << loss.name();
  }
}

TEST(ModelCard, TellsOfAllWeights) {
  TrainingOptions options;
  options.method = Method::full;
  EXPECT_THAT(describe_training("", options, some_data()), HasSubstr("| trained | all weights |"));
}

}  // namespace
}  // namespace conceptune::training
