// Chats as the text that an instruct model was trained on, by the Jinja template in its files.
#pragma once

#include <map>
#include <span>
#include <string>

#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::tokenizer {

struct ChatMessage {
  std::string role;     // "system", "user", "assistant"
  std::string content;  // text
};

/// The text of a chat, to be encoded with parse_special, equal to transformers'
/// apply_chat_template(tokenize=False). It holds the begin token where the template writes one, so none is to
/// be added. `add_generation_prompt` ends it where the assistant's answer begins. `extra` are further
/// variables for the template, such as {"enable_thinking": false}; they may stand in for bos_token,
/// eos_token, tools and documents, not for the chat's own (messages, add_generation_prompt). One thing is
/// left out so that the same chat gives the same text every day: the current date (Llama 3.2's template then
/// writes its own fixed one). Throws InputError when the model has no template, the template is not supported
/// or beyond a limit (see conceptune/runtime/jinja/template.h), or it refuses the messages.
std::string render_chat(const Tokenizer& tokenizer, std::span<const ChatMessage> messages,
                        bool add_generation_prompt, const std::map<std::string, Json>& extra = {});

}  // namespace conceptune::tokenizer
