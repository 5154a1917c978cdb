// Inflection of English words: WordNet's morphology run backwards.
#pragma once

#include <string>
#include <string_view>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/wordnet.h"

namespace conceptune::concepts {

enum class WordForm {
  base,
  plural,
  third_person,
  past,
  past_participle,
  present_participle,
  comparative,
  superlative
};

/// The form that a tag of the Penn Treebank names; the base form for all other tags.
WordForm form_of_tag(std::string_view tag);

/// The form of a draft's word, by its tag; the base form where nobody tagged the draft.
WordForm form_of(const Draft& draft, std::size_t word);

/// A base form in another form: what the exception lists derive from it, else what the rules of spelling make
/// of it. Of a phrase the head is inflected: a verb's first word, a noun's last one. Empty where there is no
/// such form: adjectives of three syllables and more, and phrases, are not compared by an ending. A form that
/// the part of speech does not have is the base form.
std::string inflected(const WordNet& wordnet, std::string_view base, words::PartOfSpeech pos, WordForm form);

}  // namespace conceptune::concepts
