#include "conceptune/concepts/prompt_source.h"

#include <gtest/gtest.h>

#include "conceptune/concepts/candidates.h"
#include "conceptune/concepts/model_answers.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

TEST(PromptSource, KeepsWhatTheAnswerNamesAmongTheCandidates) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const generation::LanguageModel model(path);
  const std::string text = "She bought a red car yesterday.";
  Draft draft;
  draft.record = {"p",
                  text,
                  model.tokenizer()->encode_ids(text),
                  {{1, "bought", PartOfSpeech::verb, {}}, {4, "car", PartOfSpeech::noun, {}}}};
  draft.candidates = {{}, {{10, "vehicle", 0.2}, {11, "truck", 0.1}, {12, "idea", 0.05}}};
  const PromptSource source(std::make_unique<ModelAnswers>(model, PromptOptions()), {}, 2);
  const auto outcomes = source.fill({&draft, 1}, {});
  EXPECT_EQ(outcomes.asked, 2);
  EXPECT_EQ(outcomes.refused, 1);
  EXPECT_EQ(outcomes.answered + outcomes.empty + outcomes.invalid, 1);
  const auto& synonyms = draft.record.words[1].synonyms;
  EXPECT_LE(synonyms.size(), 2U);
  for (const auto& synonym : synonyms) EXPECT_TRUE(synonym.ids[0] >= 10 && synonym.ids[0] <= 12);
  // The same question again gives the same answer.
  Draft again = draft;
  for (auto& word : again.record.words) word.synonyms.clear();
  EXPECT_EQ(source.fill({&again, 1}, {}), outcomes);
  EXPECT_EQ(again.record, draft.record);
}

TEST(PromptSource, AThoughtIsNoAnswer) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const auto plain = tokenizer::Tokenizer::load(path);
  const auto thinking = plain->with_chat_template(*plain->chat_template() + "<think>\n");
  const auto decoder = std::make_shared<model::Decoder>(weights::WeightStore::open(path));
  const generation::LanguageModel model("thinking", "", thinking, decoder);
  Draft draft;
  draft.record = {"p", "She bought a red car.", {}, {{4, "car", PartOfSpeech::noun, {}}}};
  draft.candidates = {{{10, "vehicle", 0.2}, {11, "truck", 0.1}, {12, "car", 0.05}}};
  const auto outcomes =
      PromptSource(std::make_unique<ModelAnswers>(model, PromptOptions()), {}, 10).fill({&draft, 1}, {});
  EXPECT_EQ(outcomes.invalid, 1);
  EXPECT_EQ(
      outcomes.failures,
      (std::map<std::string, std::int64_t>{{"the model's thought does not end within max_new_tokens", 1}}));
  EXPECT_TRUE(draft.record.words[0].synonyms.empty());
}

TEST(PromptSource, AnswersDoNotDependOnWhatIsAskedTogether) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const generation::LanguageModel model(path);
  PromptOptions options;
  options.max_new_tokens = 8;
  const PromptSource source(std::make_unique<ModelAnswers>(model, options), options, 10);
  const Candidates candidates = {{10, "vehicle", 0.2}, {11, "truck", 0.1}, {12, "bought", 0.05}};
  std::vector<Draft> drafts(2);
  drafts[0].record = {
      "p", "She sold a car.", {}, {{1, "sold", PartOfSpeech::verb, {}}, {3, "car", PartOfSpeech::noun, {}}}};
  drafts[1].record = {"q", "The lorry stopped.", {}, {{1, "lorry", PartOfSpeech::noun, {}}}};
  drafts[0].candidates = {candidates, candidates};
  drafts[1].candidates = {candidates};
  auto alone = drafts;
  const auto outcomes = source.fill(drafts, {});
  Outcomes outcomes_alone;
  for (auto& draft : alone) outcomes_alone += source.fill({&draft, 1}, {});
  EXPECT_EQ(outcomes, outcomes_alone);
  for (std::size_t i = 0; i < drafts.size(); ++i) EXPECT_EQ(drafts[i].record, alone[i].record);
}

}  // namespace
}  // namespace conceptune::concepts
