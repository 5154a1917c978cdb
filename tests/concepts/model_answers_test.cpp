#include "conceptune/concepts/model_answers.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

TEST(CommonPrefix, LeavesAtLeastOneTokenOfEach) {
  using Prompts = std::vector<std::vector<std::int32_t>>;
  EXPECT_EQ(common_prefix(Prompts{{1, 2, 3}, {1, 2, 4, 5}}), 2U);
  EXPECT_EQ(common_prefix(Prompts{{1, 2, 3}, {1, 2, 3}}), 2U);
  EXPECT_EQ(common_prefix(Prompts{{1, 2, 3}, {1}}), 0U);
  EXPECT_EQ(common_prefix(Prompts{{1, 2, 3}}), 2U);
  EXPECT_EQ(common_prefix(Prompts{}), 0U);
}

TEST(ModelAnswers, NeedAnInstructModel) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  EXPECT_THROW(ModelAnswers(generation::LanguageModel(folder.path()), {}), InputError);
}

TEST(ModelAnswers, RefuseAPromptWithoutRoomForTheAnswer) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const generation::LanguageModel model(path);
  PromptOptions options;
  options.max_new_tokens = 3;
  const ModelAnswers source(model, options);
  std::string longer;
  for (std::int64_t i = 0; i < model.config().context_length; ++i) longer += " word";
  const std::vector<std::vector<std::string>> groups = {{"Say yes.", longer}, {"Say no."}};
  const auto answers = source.answers(groups, {});
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1], (ModelAnswer{.is_refused = true}));
  for (const std::size_t i : {0, 2}) {
    EXPECT_FALSE(answers[i].is_refused);
    EXPECT_FALSE(answers[i].text.empty());
    EXPECT_EQ(answers[i].is_cut_off, answers[i].tokens == 3);
  }
}

}  // namespace
}  // namespace conceptune::concepts
