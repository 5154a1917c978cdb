// Models that think before they answer: thinking is switched off where a model lets it be, and otherwise the
// thought is told from the answer.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

/// The tokenizer with thinking switched off, where its chat template knows `enable_thinking` (Qwen 3); else
/// the same.
std::shared_ptr<const tokenizer::Tokenizer> without_thinking(
    std::shared_ptr<const tokenizer::Tokenizer> tokenizer);

/// Whether a text is one of the tags around a thought: <think>, </think> and their kin.
bool is_thought_tag(std::string_view text);

/// Whether a prompt ends within a thought, which the answer is then to go on with.
bool ends_in_thought(std::string_view prompt);

/// What follows the end of the thought that an answer begins with or goes on with (`in_thought`), all of an
/// answer without one, and nothing for a thought that does not end.
std::optional<std::string_view> after_thought(std::string_view answer, bool in_thought);

}  // namespace conceptune::concepts
