#include "conceptune/experiment/explain_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conceptune/base/error.h"

namespace conceptune::experiment {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ExplainKey, ExplainsAField) {
  const auto text = explain_key("training.epochs");
  EXPECT_THAT(text, StartsWith("training.epochs = 5\n  "));
  EXPECT_TRUE(text.ends_with("\n  expected: an integer, at least 1; decides: results")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_THAT(explain_key("corpora.files"), StartsWith("corpora.files = []\n"));
}

TEST(ExplainKey, ExplainsASectionAndALastName) {
  EXPECT_THAT(explain_key("training.lora"),
              AllOf(StartsWith("training.lora.rank = "), HasSubstr("\n\ntraining.lora.alpha = ")));
  EXPECT_THAT(explain_key("learning_rate"), HasSubstr("training.optimizer.learning_rate = "));
}

TEST(ExplainKey, SuggestsTheNearest) {
  try {
    explain_key("training.epohcs");
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "explaining: --keys: unknown key 'training.epohcs', did you mean 'training.epochs'?");
  }
  EXPECT_THROW(explain_key(""), InputError);
}

}  // namespace
}  // namespace conceptune::experiment
