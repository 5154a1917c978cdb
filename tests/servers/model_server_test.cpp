#include "conceptune/servers/model_server.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "tests/servers/stub_fixture.h"

namespace conceptune::servers {
namespace {

using ::testing::HasSubstr;

constexpr int kCount = 200;

/// Bytes as tokens, as the stub's tokenizer has it.
std::vector<std::int32_t> bytes_of(const std::string& text) {
  std::vector<std::int32_t> ids;
  for (const char c : text) ids.push_back(static_cast<unsigned char>(c));
  return ids;
}

/// What the stub says of the position behind `ids`.
TopTokens expected_top(std::span<const std::int32_t> ids) {
  std::int64_t sum = 0;
  for (const auto id : ids) sum += id;
  TopTokens top;
  for (int n = 0; n < kCount; ++n) {
    top.ids.push_back(static_cast<std::int32_t>((7 * sum + 13 * n) % 49152));
    top.log_probs.push_back(-(n + 1) / 8.0);
  }
  return top;
}

class ModelServerTest : public StubTest {
 protected:
  static const std::vector<ScoreQuestion>& questions() {
    static const std::vector<ScoreQuestion> all = {{bytes_of("The old house burned."), {4, 8, 14}},
                                                   {bytes_of("Nothing."), {}},
                                                   {bytes_of("A dog"), {2}}};
    return all;
  }
  /// The failure of the first position.
  std::string failure(const std::string& kind, const std::string& fault) {
    ModelServer server(options(kind, fault));
    return server.top_tokens(questions(), kCount, {}).front().front().failure;
  }
  std::string refusal(const std::string& kind, const std::string& fault,
                      const TokenizerProbe& probe = {bytes_of}) {
    try {
      ModelServer(options(kind, fault)).check_scores(kCount, probe, {});
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  }
};

class EveryScoringServer : public ModelServerTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(EveryScoringServer, GivesTheBestTokensOfEachPosition) {
  ModelServer server(options(GetParam(), "good"));
  EXPECT_NO_THROW(server.check_scores(kCount, {bytes_of}, {}));
  const auto scores = server.top_tokens(questions(), kCount, {});
  ASSERT_EQ(scores.size(), 3U);
  for (std::size_t q = 0; q < 3; ++q) {
    const auto& [ids, positions] = questions()[q];
    ASSERT_EQ(scores[q].size(), positions.size());
    for (std::size_t i = 0; i < positions.size(); ++i) {
      EXPECT_EQ(scores[q][i].failure, "");
      EXPECT_EQ(scores[q][i].top, expected_top(std::span(ids).first(static_cast<std::size_t>(positions[i]))));
    }
  }
}

TEST_P(EveryScoringServer, IsNotAskedTwice) {
  const std::string kind = GetParam();
  const auto path = [&](const std::string& name) { return "/" + kind + "/good" + name; };
  const std::vector<std::string> paths = {path("/v1/completions"), path("/completion"), path("/generate")};
  const auto asked = [&] {
    int times = 0;
    for (const auto& name : paths) times += times_asked(name);
    return times;
  };
  const auto first = ModelServer(options(kind, "good")).top_tokens(questions(), kCount, {});
  const int before = asked();
  const auto again = ModelServer(options(kind, "good")).top_tokens(questions(), kCount, {});
  EXPECT_EQ(asked(), before);
  for (std::size_t q = 0; q < 3; ++q)
    for (std::size_t i = 0; i < first[q].size(); ++i) EXPECT_EQ(again[q][i].top, first[q][i].top);
  ModelServer(options(kind, "good")).top_tokens(questions(), kCount - 1, {});
  EXPECT_GT(asked(), before);
}

TEST_P(EveryScoringServer, TellsWhyThereAreNoTokens) {
  const std::string kind = GetParam();
  EXPECT_THAT(failure(kind, "too-few"), HasSubstr("199 tokens at position 4, expected 200"));
  EXPECT_THAT(failure(kind, "no-ids"), HasSubstr("id"));
  EXPECT_THAT(failure(kind, "empty"), HasSubstr("no \""));
  EXPECT_THAT(failure(kind, "truncated"), HasSubstr("the connection ended"));
  EXPECT_THAT(failure(kind, "not-json"), HasSubstr("no JSON"));
  EXPECT_THAT(failure(kind, "broken"), HasSubstr("HTTP 500"));
  if (kind != "vllm") {  // a JSON object has no key twice
    EXPECT_THAT(failure(kind, "duplicate"), HasSubstr("twice"));
  }
}

TEST_P(EveryScoringServer, IsRefusedWithAnotherTokenizer) {
  const auto other = [](const std::string& text) {
    auto ids = bytes_of(text);
    ids[5] = 7;
    return ids;
  };
  EXPECT_THAT(refusal(GetParam(), "good", {other}), HasSubstr("another tokenizer"));
  EXPECT_THAT(refusal(GetParam(), "good", {other}), HasSubstr("token 6"));
  // The server's tokenizer puts a begin token before the text.
  const auto without_first = [](const std::string& text) { return bytes_of(text.substr(1)); };
  EXPECT_EQ(refusal(GetParam(), "good", {without_first, 'T'}), "");
}

TEST_P(EveryScoringServer, IsRefusedWithoutIdsOrWithTooFewTokens) {
  EXPECT_THAT(refusal(GetParam(), "no-ids"), HasSubstr("id"));
  EXPECT_THAT(refusal(GetParam(), "too-few"), HasSubstr("199 tokens"));
  EXPECT_THAT(refusal(GetParam(), "absent"), HasSubstr("HTTP 404"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryScoringServer, ::testing::Values("vllm", "llama_cpp", "sglang"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_F(ModelServerTest, SaysWhichFlagVllmNeeds) {
  const auto words = refusal("vllm", "capped");
  EXPECT_THAT(words, HasSubstr("greater than max allowed: 20"));
  EXPECT_THAT(words, HasSubstr("start it with --max-logprobs 200"));
}

TEST_F(ModelServerTest, AnswersPrompts) {
  for (const auto* kind : {"vllm", "llama_cpp", "sglang", "other"}) {
    auto with_model = options(kind, "good");
    if (std::string(kind) == "other") with_model.model = "big-chat";
    ModelServer server(with_model);
    EXPECT_NO_THROW(server.check_answers({}));
    const std::vector<std::string> prompts = {"Which words?", "And which others?"};
    for (const auto& answer : server.answers(prompts, {}, {})) {
      EXPECT_EQ(answer.failure, "");
      EXPECT_EQ(answer.text, "[home, building]");
    }
  }
  EXPECT_THROW(ModelServer(options("vllm", "empty")).check_answers({}), InputError);
}

TEST_F(ModelServerTest, TellsHowAnswersEnded) {
  const std::vector<std::string> prompts = {"Which words?"};
  for (int i = 0; i < 2; ++i) {  // from the server and from what was kept
    const auto answers = ModelServer(options("sglang", "cut-off")).answers(prompts, {}, {});
    EXPECT_EQ(answers[0].text, "[home, buildin");
    EXPECT_TRUE(answers[0].is_cut_off);
  }
  EXPECT_EQ(times_asked("/sglang/cut-off/v1/chat/completions"), 1);
  EXPECT_THAT(ModelServer(options("vllm", "filtered")).answers(prompts, {}, {})[0].failure,
              HasSubstr("\"finish_reason\" is \"content_filter\""));
}

TEST_F(ModelServerTest, KeepsFailuresButNotAsReplies) {
  ModelServer server(options("vllm", "picky"));
  const std::vector<std::string> prompts = {"Which words?", "Please refuse."};
  for (int i = 0; i < 2; ++i) {
    const auto answers = server.answers(prompts, {}, {});
    EXPECT_EQ(answers[0].text, "[home, building]");
    EXPECT_EQ(answers[1].failure, "HTTP 400: I will not");
  }
  EXPECT_EQ(times_asked("/vllm/picky/v1/chat/completions"), 3);  // the good one once
  const auto failures = ReplyCache(folder_.path() / "replies.sqlite").failures();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].reason, "HTTP 400: I will not");
  EXPECT_EQ(failures[0].times, 2);
}

TEST_F(ModelServerTest, BoundsTheRequestsUnderWay) {
  const test::TestServer alone("tests/servers/stub.py");
  auto few = options("vllm", "slow");
  few.url = alone.address() + "/vllm/slow";
  few.concurrency = 3;
  ModelServer server(few);
  std::vector<std::string> prompts;
  for (int i = 0; i < 9; ++i) prompts.push_back(std::to_string(i));
  server.answers(prompts, {}, {});
  EXPECT_EQ(fetch::http_get(alone.address() + "/most", {}, 100), "3");
}

TEST_F(ModelServerTest, RefusesWrongServersModelsAndKeys) {
  auto wrong = options("vllm", "good");
  wrong.model = "large";
  EXPECT_THROW(ModelServer{wrong}, InputError);
  EXPECT_THROW(ModelServer(options("other", "good")), InputError);  // several models, none chosen
  EXPECT_THROW(ModelServer(options("vllm", "key")), InputError);
  EXPECT_THROW(ModelServer(options("vllm", "no-listing")), InputError);
  EXPECT_THROW(ModelServer(options("vllm", "strange-listing")), InputError);
  wrong.url = "http://127.0.0.1:1";
  EXPECT_THROW(ModelServer{wrong}, SystemError);
  auto other = options("other", "good");
  other.model = "big-chat";
  EXPECT_THROW(ModelServer(other).check_scores(kCount, {bytes_of}, {}), InputError);
}

TEST_F(ModelServerTest, EndsTogetherWhenOneRequestEndsItAll) {
  ModelServer server(options("vllm", "absent"));
  const std::vector<std::string> prompts(20, "Which words?");
  EXPECT_THROW(server.answers(prompts, {}, {}), InputError);
  std::stop_source stop;
  stop.request_stop();
  ModelServer good(options("vllm", "good"));
  EXPECT_THROW(good.answers(prompts, {}, stop.get_token()), Interrupted);
}

}  // namespace
}  // namespace conceptune::servers
