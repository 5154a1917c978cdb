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
  EXPECT_EQ(payload(ServerKind::llama_cpp)["repeat_last_n"], 131072);
  EXPECT_EQ(payload(ServerKind::other).size(), 4U);
}

TEST(Answers, AreAskedForWithoutThinkingWhereTheServerHandsThatOn) {
  for (const auto kind : {ServerKind::vllm, ServerKind::llama_cpp, ServerKind::sglang})
    EXPECT_EQ(answer_request({kind, "m", {}}, "Which words?", {}).payload["chat_template_kwargs"],
              (Json{{"enable_thinking", false}}));
}

TEST(Answers, AreReadFromEveryServersReply) {
  for (const auto* kind : {"vllm", "llama_cpp", "sglang", "other"})
    EXPECT_EQ(read_answer(reply_shape(std::string(kind) + "_chat")), (ChatAnswer{"[home, building]", false}))
        << kind;
  Json silent = reply_shape("vllm_chat");
  silent["choices"][0]["message"]["content"] = nullptr;
  EXPECT_EQ(read_answer(silent), (ChatAnswer{"", false}));
}

TEST(Answers, TellThatTheyWereCutOff) {
  Json reply = reply_shape("vllm_chat");
  reply["choices"][0]["finish_reason"] = "length";
  EXPECT_EQ(read_answer(reply), (ChatAnswer{"[home, building]", true}));
}

TEST(Answers, AreNotWhatTheServerTellsOfReasoning) {
  Json reply = reply_shape("sglang_chat");
  auto& message = reply["choices"][0]["message"];
  message["reasoning_content"] = "The list is [home, house].";
  message["reasoning"] = "[home]";
  EXPECT_EQ(read_answer(reply).text, "[home, building]");
  message["content"] = nullptr;
  EXPECT_EQ(read_answer(reply).text, "");
}

TEST(Answers, ThatEndedForAnotherReasonAreRefused) {
  Json reply = reply_shape("other_chat");
  for (const Json& reason : {Json("content_filter"), Json("tool_calls"), Json("abort"), Json(), Json(1)}) {
    reply["choices"][0]["finish_reason"] = reason;
    try {
      read_answer(reply);
      ADD_FAILURE() << reason;
    } catch (const InputError& error) {
      EXPECT_EQ(std::string(error.what()), "reading a server's reply: \"finish_reason\" is " + reason.dump() +
                                               ", expected \"stop\" or \"length\"");
    }
  }
  reply["choices"][0].erase("finish_reason");
  EXPECT_THROW(read_answer(reply), InputError);
}

TEST(Answers, RefuseRepliesOfAnotherShape) {
  for (const Json& reply :
       {Json::object(), Json{{"choices", Json::array()}}, Json{{"choices", {{{"text", "a"}}}}},
        Json{{"choices", {{{"message", {{"content", 5}}}, {"finish_reason", "stop"}}}}}, Json("text")})
    EXPECT_THROW(read_answer(reply), InputError) << reply;
}

}  // namespace
}  // namespace conceptune::servers
