// Names in files and the paper's values (section 3.3, appendix B).
#include "conceptune/training/options.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

TEST(TrainingOptions, DefaultsAreThePapers) {
  EXPECT_EQ(options_to_json(ObjectiveOptions()).dump(),
            R"({"loss":"paper","concept_weight":0.5,"target_mass":0.6,"content_weight":5.0})");
  EXPECT_EQ(BatchOptions().passages, 2);
  EXPECT_EQ(BatchOptions().synonyms, 10);
  EXPECT_EQ(OptimizerOptions().learning_rate, 7e-5);
}

TEST(TrainingOptions, EnumsHaveTheNamesOfTheField) {
  EXPECT_EQ(names_of<Loss>(), "paper, blended, weighted-ce, content-ntp");
  EXPECT_EQ(names_of<MultiTokenSynonyms>(), "skip, first-token, product");
  EXPECT_EQ(names_of<Schedule>(), "constant, linear, cosine");
}

}  // namespace
}  // namespace conceptune::training
