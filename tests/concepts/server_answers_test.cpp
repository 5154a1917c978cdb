#include "conceptune/concepts/server_answers.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/concepts/prompt_source.h"
#include "tests/servers/stub_fixture.h"

namespace conceptune::concepts {
namespace {

class ServerAnswersTest : public servers::StubTest {
 protected:
  PromptSource connect(const std::string& fault) {
    const auto server = std::make_shared<servers::ModelServer>(options("vllm", fault));
    return PromptSource(std::make_unique<ServerAnswers>(server, PromptOptions()), {}, 10);
  }

  static Draft draft() {
    using words::PartOfSpeech;
    Draft draft;
    draft.record.text = "She bought a red car yesterday.";
    draft.record.words = {{1, "bought", PartOfSpeech::verb, {}},
                          {3, "red", PartOfSpeech::adj, {}},
                          {4, "car", PartOfSpeech::noun, {}}};
    draft.candidates = {
        {}, {{9, "refuse", 0.1}}, {{10, "vehicle", 0.2}, {11, "truck", 0.1}, {12, "idea", 0.05}}};
    return draft;
  }
};

TEST_F(ServerAnswersTest, AsksForTheWordsThatHaveCandidates) {
  std::vector<Draft> drafts = {draft(), draft()};
  const auto outcomes = connect("good").fill(drafts, {});
  EXPECT_EQ(outcomes, (Outcomes{6, 4, 0, 0, 2}));
  for (const auto& found : drafts)
    EXPECT_EQ(found.record.words[2].synonyms,
              (std::vector<Synonym>{{{10}, "vehicle", 1.0}, {{11}, "truck", 0.5}}));
}

TEST_F(ServerAnswersTest, TakesTheAnswerBehindAThought) {
  Draft found = draft();
  EXPECT_EQ(connect("thinking").fill({&found, 1}, {}).answered, 2);
  EXPECT_EQ(found.record.words[2].synonyms,
            (std::vector<Synonym>{{{10}, "vehicle", 1.0}, {{11}, "truck", 0.5}}));
}

TEST_F(ServerAnswersTest, TakesWholeWordsOfAnAnswerThatWasCutOff) {
  Draft found = draft();
  const auto outcomes = connect("cut-off").fill({&found, 1}, {});
  EXPECT_EQ(found.record.words[2].synonyms, (std::vector<Synonym>{{{10}, "vehicle", 1.0}}));
  EXPECT_EQ(outcomes.answered, 1);
  EXPECT_EQ(outcomes.invalid, 1) << "the one word of the other answer is not whole";
  EXPECT_EQ(outcomes.failures, (std::map<std::string, std::int64_t>{
                                   {"the answer was cut off at max_new_tokens before its first word", 1}}));
}

TEST_F(ServerAnswersTest, RefusesAWordWhoseRequestFails) {
  Draft found = draft();
  const auto outcomes = connect("picky").fill({&found, 1}, {});
  EXPECT_EQ(outcomes.refused, 2);
  EXPECT_EQ(outcomes.answered, 1);
  EXPECT_EQ(outcomes.failures, (std::map<std::string, std::int64_t>{{"HTTP 400: I will not", 1}}));
}

TEST_F(ServerAnswersTest, IsKnownByWhatTheServerServes) {
  const auto facts = connect("good").made_from();
  EXPECT_EQ(facts["prompt_server"]["kind"], "vLLM");
  EXPECT_EQ(facts["prompt_server"]["model"], "tiny");
  EXPECT_THROW(connect("empty"), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
