#include "conceptune/runtime/tokenizer/chat_template.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/template.h"

namespace conceptune::tokenizer {

std::string render_chat(const Tokenizer& tokenizer, std::span<const ChatMessage> messages,
                        bool add_generation_prompt, const std::map<std::string, Json>& extra) {
  const auto& source = tokenizer.chat_template();
  if (!source) throw InputError("rendering chat", "tokenizer", "the model has no chat template");
  Json list = Json::array();
  for (const auto& [role, content] : messages) {
    if (first_invalid_utf8(role) || first_invalid_utf8(content))
      throw InputError("rendering chat", fmt::format("message {}", list.size()), "not valid UTF-8");
    list.push_back({{"role", role}, {"content", content}});
  }
  auto variables = extra;
  for (const auto* name : {"messages", "add_generation_prompt"})
    if (variables.contains(name))
      throw InputError("rendering chat", "extra variables", fmt::format("'{}' is the chat's own", name));
  variables["messages"] = std::move(list);
  variables["add_generation_prompt"] = add_generation_prompt;
  // What was given stays.
  variables.emplace("tools", nullptr);
  variables.emplace("documents", nullptr);
  // A begin token may be a part of a character; no template can use that.
  if (const auto begin = tokenizer.begin_token_text(); begin && !first_invalid_utf8(*begin))
    variables.emplace("bos_token", *begin);
  if (const auto end = tokenizer.end_token()) variables.emplace("eos_token", tokenizer.decode({{*end}}));
  return jinja::Template(*source).render(variables);
}

}  // namespace conceptune::tokenizer
