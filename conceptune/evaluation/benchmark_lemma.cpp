#include "conceptune/evaluation/benchmark_lemma.h"

#include <algorithm>
#include <span>
#include <vector>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/utf8.h"

namespace conceptune::evaluation {
namespace {

using concepts::WordNet;
using words::PartOfSpeech;
using Forms = std::vector<std::string>;

struct Rule {
  std::string_view suffix, ending;
};

// NLTK's MORPHOLOGICAL_SUBSTITUTIONS.
constexpr Rule kNounRules[] = {{"s", ""},      {"ses", "s"},   {"ves", "f"},   {"xes", "x"}, {"zes", "z"},
                               {"ches", "ch"}, {"shes", "sh"}, {"men", "man"}, {"ies", "y"}};
constexpr Rule kVerbRules[] = {{"s", ""},   {"ies", "y"}, {"es", "e"},  {"es", ""},
                               {"ed", "e"}, {"ed", ""},   {"ing", "e"}, {"ing", ""}};
constexpr Rule kAdjectiveRules[] = {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}};

std::span<const Rule> rules_of(PartOfSpeech pos) {
  switch (pos) {
    case PartOfSpeech::noun:
      return kNounRules;
    case PartOfSpeech::verb:
      return kVerbRules;
    case PartOfSpeech::adj:
      return kAdjectiveRules;
    default:
      return {};
  }
}

Forms detached(const Forms& forms, PartOfSpeech pos) {
  Forms results;
  for (const auto& form : forms)
    for (const Rule& rule : rules_of(pos))
      if (form.ends_with(rule.suffix))
        results.push_back(form.substr(0, form.size() - rule.suffix.size()).append(rule.ending));
  return results;
}

/// The shortest form that the database has, the first of several; empty where it has none.
std::string shortest_known(const WordNet& wordnet, const Forms& forms, PartOfSpeech pos) {
  std::string shortest;
  for (const auto& form : forms)
    if ((shortest.empty() || form.size() < shortest.size()) && !wordnet.synsets(form, pos).empty())
      shortest = form;
  return shortest;
}

std::string lemma_of(const WordNet& wordnet, const std::string& text, PartOfSpeech pos) {
  Forms forms{text};
  if (const auto& bases = wordnet.exceptions(text, pos); !bases.empty()) {
    forms.insert(forms.end(), bases.begin(), bases.end());
    return shortest_known(wordnet, forms, pos);
  }
  Forms next = detached(forms, pos);
  forms.insert(forms.end(), next.begin(), next.end());
  std::string found = shortest_known(wordnet, forms, pos);
  while (found.empty() && !next.empty()) {
    next = detached(next, pos);
    found = shortest_known(wordnet, next, pos);
  }
  return found;
}

}  // namespace

std::string benchmark_lemma(const WordNet& wordnet, std::string_view text, PartOfSpeech pos) {
  const std::string as_it_stands(text);
  // The scorer's phrases have spaces where its database has underscores, so that it knows none of them.
  const std::string lemma =
      text.find(' ') == text.npos ? lemma_of(wordnet, as_it_stands, pos) : std::string();
  return ascii_lower(python_strip(lemma.empty() ? as_it_stands : lemma));
}

}  // namespace conceptune::evaluation
