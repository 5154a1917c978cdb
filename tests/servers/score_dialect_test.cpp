#include "conceptune/servers/score_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/servers/reply_shape.h"

namespace conceptune::servers {
namespace {

using ::testing::HasSubstr;

const ScoreQuestion kQuestion{{5, 6, 7}, {2}};
const std::vector<std::int32_t> kTheOldHouse{504, 1573, 2291};
/// What the reply that was not recorded says of the third token.
const TopTokens kThird{{31, 7, 33}, {-1.125, -2.25, -3.5}};

std::string problem_of(const ScoreDialect& dialect, const Json& reply, int count = 3) {
  try {
    dialect.read_scores(reply, kQuestion, count);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(ScoreDialect, VllmEchoesThePromptByIds) {
  const auto dialect = vllm_dialect();
  const auto request = dialect->score("tiny", kQuestion, 3);
  EXPECT_EQ(request.path, "/v1/completions");
  EXPECT_EQ(request.payload["prompt"], (Json{5, 6, 7}));
  EXPECT_EQ(request.payload["return_tokens_as_token_ids"], true);
  Json reply = reply_shape("vllm_completions");
  // The text's own tokens stand beside the three best and are left out.
  const auto scores = dialect->read_scores(reply, {{5, 6, 7}, {1, 2}}, 3);
  EXPECT_EQ(scores[0],
            (TopTokens{{29, 28, 198}, {-1.1322767734527588, -2.015362024307251, -3.3259356021881104}}));
  EXPECT_EQ(scores[1],
            (TopTokens{{198, 30, 365}, {-3.2965598106384277, -3.4344325065612793, -3.558417797088623}}));
  EXPECT_THAT(problem_of(*dialect, reply, 5), HasSubstr("4 tokens at position 2, expected 5"));
  auto& probs = reply["choices"][0]["logprobs"];
  probs["top_logprobs"][2] = nullptr;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("no log-probabilities at position 2"));
  probs["top_logprobs"][2] = {{" house", -1.0}};
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("tokens without their ids"));
  probs["tokens"][1] = "token_id:9";
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("another token at position 1"));
  EXPECT_EQ(dialect->advice("Requested sample logprobs of 200, which is greater than max allowed: 20", 200),
            "start it with --max-logprobs 200");
  EXPECT_EQ(dialect->advice("prompt too long", 200), "");
  EXPECT_EQ(dialect->read_tokens(reply_shape("vllm_tokenize")), kTheOldHouse);
}

TEST(ScoreDialect, LlamaCppGeneratesOneTokenBehindThePrefix) {
  const auto dialect = llama_cpp_dialect();
  const auto request = dialect->score("tiny.gguf", kQuestion, 3);
  EXPECT_EQ(request.path, "/completion");
  EXPECT_EQ(request.payload["prompt"], (Json{5, 6}));
  EXPECT_EQ(request.payload["n_probs"], 3);
  Json reply = reply_shape("llama_cpp_completion");
  EXPECT_EQ(
      dialect->read_scores(reply, kQuestion, 3),
      (std::vector{TopTokens{{198, 30, 365}, {-3.295057773590088, -3.43406343460083, -3.5594544410705566}}}));
  auto& generated = reply["completion_probabilities"][0];
  generated["top_logprobs"][1]["id"] = 198;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("token 198 twice"));
  generated["top_logprobs"][1].erase("id");
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("no \"id\""));
  reply["tokens_evaluated"] = 1;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("1 tokens evaluated, 2 were sent"));
  reply["tokens_evaluated"] = 2;
  reply["completion_probabilities"] = Json::array();
  EXPECT_NE(problem_of(*dialect, reply), "");
  EXPECT_EQ(dialect->read_tokens(reply_shape("llama_cpp_tokenize")), kTheOldHouse);
}

TEST(ScoreDialect, SglangTellsOfItsInput) {
  const auto dialect = sglang_dialect();
  const auto request = dialect->score("tiny", kQuestion, 3);
  EXPECT_EQ(request.path, "/generate");
  EXPECT_EQ(request.payload["top_logprobs_num"], 3);
  EXPECT_EQ(request.payload["logprob_start_len"], 0);
  Json reply = reply_shape("sglang_generate");
  EXPECT_EQ(dialect->read_scores(reply, kQuestion, 3), (std::vector{kThird}));
  EXPECT_EQ(dialect->read_tokens(reply), kQuestion.ids);
  auto& meta = reply["meta_info"];
  meta["input_top_logprobs"][2][0][1] = nullptr;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("token id"));
  meta["input_top_logprobs"][2] = nullptr;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("no log-probabilities at position 2"));
  meta["input_token_logprobs"][2][1] = 9;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("other tokens than were sent"));
}

TEST(ScoreDialect, OthersHaveNone) {
  EXPECT_EQ(score_dialect_of(ServerKind::other), nullptr);
  EXPECT_FALSE(score_dialect_of(ServerKind::llama_cpp)->scores_many_positions());
  EXPECT_TRUE(score_dialect_of(ServerKind::vllm)->scores_many_positions());
  EXPECT_TRUE(score_dialect_of(ServerKind::sglang)->scores_many_positions());
}

}  // namespace
}  // namespace conceptune::servers
