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

/// Greedy decoding of the reply to one message of a user, through the server's own chat template.
Request answer_request(const ServedModel& model, const std::string& prompt, const AnswerOptions& options);

/// The text of the reply. Throws InputError, which says what is missing, for a reply of another shape.
std::string read_answer(const Json& reply);

}  // namespace conceptune::servers
