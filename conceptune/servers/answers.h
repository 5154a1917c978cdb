// Prompts to chat models, in OpenAI's form, which every kind of server speaks.
#pragma once

#include <string>

#include "conceptune/servers/request.h"
#include "conceptune/servers/served_model.h"

namespace conceptune::servers {

struct AnswerOptions {
  int max_new_tokens = 20;
  /// On all tokens of the prompt and the answer. Servers of kind `other` are not asked for it: OpenAI's own
  /// interface does not know it.
  double repetition_penalty = 1.1;
};

/// Greedy decoding of the reply to one message of a user, through the server's own chat template. Servers
/// that hand variables to it (vLLM, SGLang, llama.cpp) are asked to switch thinking off (enable_thinking,
/// which Qwen 3 knows).
Request answer_request(const ServedModel& model, const std::string& prompt, const AnswerOptions& options);

/// The answer in a reply; what the server tells of the model's reasoning beside it is none.
struct ChatAnswer {
  std::string text;
  bool is_cut_off = false;  ///< at max_new_tokens: finish_reason "length" instead of "stop"

  bool operator==(const ChatAnswer&) const = default;
};

/// Throws InputError, which says what is missing, for a reply of another shape, and for one that ended for
/// another reason, e.g. "content_filter".
ChatAnswer read_answer(const Json& reply);

}  // namespace conceptune::servers
