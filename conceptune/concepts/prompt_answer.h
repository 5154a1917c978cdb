// A question to an instruct model about one word, and what its answer makes of the word; the same for a model
// that runs here and for one behind a server.
#pragma once

#include <cstddef>
#include <string>

#include "conceptune/concepts/candidate.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/concepts/prompt_template.h"

namespace conceptune::concepts {

/// The prompt for a word of a text, with its candidates listed.
std::string prompt_text(const PromptTemplate& prompt, const ConceptWord& word, const std::string& text,
                        const Candidates& candidates);

/// What a model wrote, and how it came to an end.
struct ModelAnswer {
  std::string text;
  bool is_cut_off = false;  ///< at the most tokens that it may have; the model had not ended it
  bool in_thought = false;  ///< the prompt ended within a thought
};

/// Gives the word the candidates that the answer names, in the answer's order and at most `max_synonyms`, the
/// n-th with score 1/n. Only what follows a thought is the answer. Counts it as answered, empty (nothing
/// named) or invalid: only other words named, or, for a reason that is counted, a thought that does not end
/// or an answer that was cut off before its first word.
void take_answer(const ModelAnswer& answer, const Candidates& candidates, std::size_t max_synonyms,
                 ConceptWord& word, Outcomes& outcomes);

}  // namespace conceptune::concepts
