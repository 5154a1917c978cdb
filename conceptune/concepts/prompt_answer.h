// A question to an instruct model about one word, and what its answer makes of the word; the same for a model
// that runs here and for one behind a server.
#pragma once

#include <cstddef>
#include <string>

#include "conceptune/concepts/answer_source.h"
#include "conceptune/concepts/candidate.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/concepts/prompt_template.h"

namespace conceptune::concepts {

/// The prompt for a word of a text, with its candidates listed.
std::string prompt_text(const PromptTemplate& prompt, const ConceptWord& word, const std::string& text,
                        const Candidates& candidates);

/// Gives the word the candidates that the answer names, in the answer's order and at most `max_synonyms`, the
/// n-th with score 1/n. Only what follows a thought is the answer. Counts it as answered, empty (nothing
/// named), refused (with the failure, where there is one) or invalid: only other words named, or, for a
/// reason that is counted, a thought that does not end or an answer that was cut off before its first word.
void take_answer(const ModelAnswer& answer, const Candidates& candidates, std::size_t max_synonyms,
                 ConceptWord& word, Outcomes& outcomes);

}  // namespace conceptune::concepts
