#include "conceptune/training/loss/objective_options.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

TEST(ObjectiveOptions, DefaultsAreThePapers) {
  EXPECT_EQ(options_to_json(ObjectiveOptions()).dump(),
            R"({"loss":"paper","concept_weight":0.5,"target_mass":0.6,"content_weight":5.0,)"
            R"("soft_targets":{"weights":"uniform","own_share":0.5}})");
}

TEST(ObjectiveOptions, NameWhatWouldTrainNothing) {
  for (const Loss& loss : Loss::all()) {
    ObjectiveOptions options;
    options.loss = loss;
    options.target_mass = 0;
    EXPECT_TRUE(find_option_problems(options).empty()) << loss.name();
    options.concept_weight = 1;
    // What loses no next-token weight to λ is trained all the same.
    const bool trains_nothing = loss.name() == "paper" || loss.name() == "content-ntp";
    EXPECT_EQ(find_option_problems(options).size(), trains_nothing ? 1U : 0U) << loss.name();
  }
}

}  // namespace
}  // namespace conceptune::training
