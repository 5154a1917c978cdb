#include "conceptune/concepts/prompt_answer.h"

#include <algorithm>

#include "conceptune/base/ascii_case.h"
#include "conceptune/concepts/prompt_thought.h"

namespace conceptune::concepts {

namespace {

void count_invalid(const std::string& reason, Outcomes& outcomes) {
  ++outcomes.invalid;
  ++outcomes.failures[reason];
}

}  // namespace

std::string prompt_text(const PromptTemplate& prompt, const ConceptWord& word, const std::string& text,
                        const Candidates& candidates) {
  std::string list;
  for (const auto& candidate : candidates) list += (list.empty() ? "" : ", ") + candidate.text;
  return prompt.fill(word.word, text, list);
}

void take_answer(const ModelAnswer& answer, const Candidates& candidates, std::size_t max_synonyms,
                 ConceptWord& word, Outcomes& outcomes) {
  if (answer.is_refused) {
    ++outcomes.refused;
    if (!answer.failure.empty()) ++outcomes.failures[answer.failure];
    return;
  }
  const auto said = after_thought(answer.text, answer.in_thought);
  if (!said) return count_invalid("the model's thought does not end within max_new_tokens", outcomes);
  const auto named = parse_answer(*said, answer.is_cut_off);
  if (named.empty() && answer.is_cut_off && !is_complete_answer(*said))
    return count_invalid("the answer was cut off at max_new_tokens before its first word", outcomes);
  for (const auto& text : named) {
    if (word.synonyms.size() == max_synonyms) break;
    const auto candidate = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
      return equal_ignoring_case(c.text, text);
    });
    if (candidate == candidates.end() || equal_ignoring_case(text, word.word)) continue;
    if (!has_text_ignoring_case(word.synonyms, text))
      word.synonyms.push_back(
          {{candidate->id}, candidate->text, 1.0 / static_cast<double>(word.synonyms.size() + 1)});
  }
  ++(!word.synonyms.empty() ? outcomes.answered : named.empty() ? outcomes.empty : outcomes.invalid);
}

}  // namespace conceptune::concepts
