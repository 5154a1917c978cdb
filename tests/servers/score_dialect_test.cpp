#include "conceptune/servers/score_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/servers/reply_shape.h"

namespace conceptune::servers {
namespace {

using ::testing::HasSubstr;

const ScoreQuestion kQuestion{{5, 6, 7}, {2}};
/// What every reply says of the third token.
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
  // The second token stands besides the three best and is left out.
  const auto scores = dialect->read_scores(reply, {{5, 6, 7}, {1, 2}}, 3);
  EXPECT_EQ(scores[0], (TopTokens{{21, 22, 23}, {-1.0, -1.5, -2.0}}));
  EXPECT_EQ(scores[1], kThird);
  EXPECT_THAT(problem_of(*dialect, reply, 4), HasSubstr("3 tokens at position 2, expected 4"));
  auto& probs = reply["choices"][0]["logprobs"];
  probs["top_logprobs"][2] = nullptr;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("no log-probabilities at position 2"));
  probs["top_logprobs"][2] = {{" house", -1.0}};
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("tokens without their ids"));
  probs["tokens"][1] = "token_id:9";
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("another token at position 1"));
  EXPECT_EQ(dialect->advice("Requested prompt logprobs of 200, which is greater than max allowed: 20", 200),
            "start it with --max-logprobs 200");
  EXPECT_EQ(dialect->advice("prompt too long", 200), "");
  EXPECT_EQ(dialect->read_tokens(reply_shape("vllm_tokenize")), kQuestion.ids);
}

TEST(ScoreDialect, LlamaCppGeneratesOneTokenBehindThePrefix) {
  const auto dialect = llama_cpp_dialect();
  const auto request = dialect->score("tiny.gguf", kQuestion, 3);
  EXPECT_EQ(request.path, "/completion");
  EXPECT_EQ(request.payload["prompt"], (Json{5, 6}));
  EXPECT_EQ(request.payload["n_probs"], 3);
  Json reply = reply_shape("llama_cpp_completion");
  EXPECT_EQ(dialect->read_scores(reply, kQuestion, 3), (std::vector{kThird}));
  auto& generated = reply["completion_probabilities"][0];
  generated["top_logprobs"][1]["id"] = 31;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("token 31 twice"));
  generated["top_logprobs"][1].erase("id");
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("no \"id\""));
  reply["tokens_evaluated"] = 1;
  EXPECT_THAT(problem_of(*dialect, reply), HasSubstr("1 tokens evaluated, 2 were sent"));
  reply["tokens_evaluated"] = 2;
  reply["completion_probabilities"] = Json::array();
  EXPECT_NE(problem_of(*dialect, reply), "");
  EXPECT_EQ(dialect->read_tokens(reply_shape("llama_cpp_tokenize")), kQuestion.ids);
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
