#include "conceptune/servers/answers.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/servers/reply_shape.h"

namespace conceptune::servers {
namespace {

TEST(Answers, AskGreedilyWithEachServersPenalty) {
  const auto payload = [](ServerKind kind) {
    return answer_request({kind, "m", {}}, "Which words?", {.max_new_tokens = 20, .repetition_penalty = 1.1})
        .payload;
  };
  for (const auto kind : {ServerKind::vllm, ServerKind::llama_cpp, ServerKind::sglang, ServerKind::other}) {
    EXPECT_EQ(payload(kind)["temperature"], 0);
    EXPECT_EQ(payload(kind)["max_tokens"], 20);
    EXPECT_EQ(payload(kind)["messages"][0]["content"], "Which words?");
  }
  EXPECT_EQ(payload(ServerKind::vllm)["repetition_penalty"], 1.1);
  EXPECT_EQ(payload(ServerKind::sglang)["repetition_penalty"], 1.1);
  EXPECT_EQ(payload(ServerKind::llama_cpp)["repeat_penalty"], 1.1);
  EXPECT_EQ(payload(ServerKind::llama_cpp)["repeat_last_n"], -1);
  EXPECT_EQ(payload(ServerKind::other).size(), 4U);
}

TEST(Answers, AreReadFromEveryServersReply) {
  for (const auto* kind : {"vllm", "llama_cpp", "sglang", "other"})
    EXPECT_EQ(read_answer(reply_shape(std::string(kind) + "_chat")), "[home, building]") << kind;
  Json silent = reply_shape("vllm_chat");
  silent["choices"][0]["message"]["content"] = nullptr;
  EXPECT_EQ(read_answer(silent), "");
}

TEST(Answers, RefuseRepliesOfAnotherShape) {
  for (const Json& reply :
       {Json::object(), Json{{"choices", Json::array()}}, Json{{"choices", {{{"text", "a"}}}}},
        Json{{"choices", {{{"message", {{"content", 5}}}}}}}, Json("text")})
    EXPECT_THROW(read_answer(reply), InputError) << reply;
}

}  // namespace
}  // namespace conceptune::servers
