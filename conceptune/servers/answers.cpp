#include "conceptune/servers/answers.h"

#include <fmt/format.h>

#include "conceptune/servers/reply_reader.h"

namespace conceptune::servers {
namespace {

/// The penalty holds for all tokens, the prompt's too. -1 meant that once; llama.cpp's server refuses it now,
/// and keeps as many tokens as it is told.
constexpr std::int64_t kWholeContext = 1 << 17;

}  // namespace

Request answer_request(const ServedModel& model, const std::string& prompt, const AnswerOptions& options) {
  Json payload = {{"model", model.name},
                  {"messages", Json::array({{{"role", "user"}, {"content", prompt}}})},
                  {"max_tokens", options.max_new_tokens},
                  {"temperature", 0}};
  switch (model.kind) {
    case ServerKind::vllm:
    case ServerKind::sglang:
      payload["repetition_penalty"] = options.repetition_penalty;
      break;
    case ServerKind::llama_cpp:
      payload["repeat_penalty"] = options.repetition_penalty;
      payload["repeat_last_n"] = kWholeContext;
      break;
    case ServerKind::other:
      return {"/v1/chat/completions", std::move(payload)};
  }
  payload["chat_template_kwargs"] = {{"enable_thinking", false}};
  return {"/v1/chat/completions", std::move(payload)};
}

ChatAnswer read_answer(const Json& reply) {
  const auto& choice = element(element(reply, "choices"), std::size_t{0});
  const auto& content = element(element(choice, "message"), "content");
  const auto& reason = element(choice, "finish_reason");
  if (reason != "stop" && reason != "length")
    bad_reply(fmt::format("\"finish_reason\" is {}, expected \"stop\" or \"length\"", to_json_text(reason)));
  return {content.is_null() ? std::string() : text_of(content, "the answer"), reason == "length"};
}

}  // namespace conceptune::servers
