#include "conceptune/concepts/prompt_thought.h"

#include <algorithm>
#include <string>

namespace conceptune::concepts {
namespace {

struct Tags {
  std::string_view begin, end;
};

constexpr Tags kTags[] = {{"<think>", "</think>"}, {"<thinking>", "</thinking>"}, {"[THINK]", "[/THINK]"}};

}  // namespace

std::shared_ptr<const tokenizer::Tokenizer> without_thinking(
    std::shared_ptr<const tokenizer::Tokenizer> tokenizer) {
  const auto chat_template = tokenizer->chat_template();
  if (!chat_template || chat_template->find("enable_thinking") == std::string::npos) return tokenizer;
  // The same as handing the variable to the template; the tag itself writes nothing.
  return tokenizer->with_chat_template("{% set enable_thinking = false %}" + *chat_template);
}

bool is_thought_tag(std::string_view text) {
  return std::ranges::any_of(kTags, [&](const Tags& tags) { return text == tags.begin || text == tags.end; });
}

bool ends_in_thought(std::string_view prompt) {
  return std::ranges::any_of(kTags, [&](const Tags& tags) {
    const std::size_t begin = prompt.rfind(tags.begin), end = prompt.rfind(tags.end);
    return begin != std::string_view::npos && (end == std::string_view::npos || end < begin);
  });
}

std::optional<std::string_view> after_thought(std::string_view answer, bool in_thought) {
  for (const Tags& tags : kTags)
    if (const std::size_t end = answer.rfind(tags.end); end != std::string_view::npos) {
      answer.remove_prefix(end + tags.end.size());
      in_thought = false;
    }
  if (in_thought || ends_in_thought(answer)) return std::nullopt;
  return answer;
}

}  // namespace conceptune::concepts
