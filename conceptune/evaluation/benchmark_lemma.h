// Lemmas as the scorer of the lexical substitution benchmark SWORDS takes them.
#pragma once

#include <string>
#include <string_view>

#include "conceptune/concepts/wordnet.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::evaluation {

/// The lemma of NLTK's WordNetLemmatizer (shortest of what its _morphy() finds in WordNet 3.0; the text
/// itself where that is nothing), in lower case of ASCII letters and without white space at the ends. It is
/// not WordNet::base_forms(): all rules are tried at once and again on what they give, and phrases stay as
/// they are.
std::string benchmark_lemma(const concepts::WordNet& wordnet, std::string_view text, words::PartOfSpeech pos);

}  // namespace conceptune::evaluation
