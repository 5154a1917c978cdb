#include "conceptune/concepts/inflection.h"

#include <algorithm>
#include <array>
#include <vector>

#include "conceptune/concepts/wordnet_morphology.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;
using Forms = std::vector<std::string>;

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool ends_in(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

/// "city", not "boy".
bool ends_in_consonant_and_y(std::string_view word) {
  return word.size() > 1 && word.ends_with('y') && !is_vowel(word[word.size() - 2]);
}

std::string cut(std::string_view word, std::size_t letters, std::string_view ending) {
  return std::string(word.substr(0, word.size() - letters)).append(ending);
}

/// Runs of vowels, without an e that is not spoken.
int syllables(std::string_view word) {
  int runs = 0;
  bool in_run = false;
  for (const char c : word) {
    const bool vowel = is_vowel(c) || c == 'y';
    runs += vowel && !in_run;
    in_run = vowel;
  }
  return runs > 1 && word.ends_with('e') && !word.ends_with("le") ? runs - 1 : runs;
}

/// "hap", "fit": one short vowel before one consonant, which is doubled before an ending. The exception lists
/// have the frequent ones.
bool doubles(std::string_view word) {
  const std::size_t n = word.size();
  const auto is_consonant = [&](std::size_t i) { return !is_vowel(word[i]); };
  return n > 2 && syllables(word) == 1 && is_consonant(n - 1) && !is_consonant(n - 2) &&
         is_consonant(n - 3) && !ends_in(word, {"w", "x", "y"});
}

/// The word as it stands before "ed", "ing", "er".
std::string before_ending(std::string_view word) {
  return doubles(word) ? cut(word, 0, word.substr(word.size() - 1)) : std::string(word);
}

std::string with_s(std::string_view word, bool is_verb) {
  if (ends_in(word, {"s", "x", "z", "ch", "sh"}) || (is_verb && word.ends_with('o')))
    return cut(word, 0, "es");
  return ends_in_consonant_and_y(word) ? cut(word, 1, "ies") : cut(word, 0, "s");
}

/// Forms of the exception list that end so.
Forms ending_in(const Forms& listed, std::initializer_list<std::string_view> endings) {
  Forms forms;
  std::ranges::copy_if(listed, std::back_inserter(forms),
                       [&](const std::string& form) { return ends_in(form, endings); });
  return forms;
}

std::string plural(const Forms& listed, std::string_view noun) {
  if (!listed.empty()) return listed.front();
  // Not "human" and the like, which are no compounds of "man".
  constexpr std::array kNoMen = {"human", "german", "roman", "shaman", "talisman", "ottoman", "caiman"};
  if (noun.ends_with("man") && std::ranges::find(kNoMen, noun) == kNoMen.end()) return cut(noun, 3, "men");
  return with_s(noun, false);
}

std::string third_person(const Forms& listed, std::string_view verb) {
  for (const auto& form : listed)
    if (form.ends_with('s') && form != "was") return form;
  return with_s(verb, true);
}

std::string present_participle(const Forms& listed, std::string_view verb) {
  if (const Forms forms = ending_in(listed, {"ing"}); !forms.empty()) return forms.front();
  if (verb.ends_with("ie")) return cut(verb, 2, "ying");
  const bool loses_e = verb.size() > 2 && verb.ends_with('e') && !ends_in(verb, {"ee", "oe", "ye"});
  return loses_e ? cut(verb, 1, "ing") : before_ending(verb) + "ing";
}

/// "taken", "gone", "sung" beside "sang"; not "won".
bool is_participle_alone(const std::string& form, const Forms& listed) {
  if (ends_in(form, {"en", "wn", "rn", "rne", "ain", "gone", "done"})) return true;
  const std::size_t u = form.find('u');
  if (u == std::string::npos) return false;
  std::string with_a = form;
  with_a[u] = 'a';
  return std::ranges::find(listed, with_a) != listed.end();
}

bool is_same_in_the_past(std::string_view verb) {
  constexpr std::array kVerbs = {"bet",  "bid",      "broadcast", "burst",  "cast",  "cost",
                                 "cut",  "forecast", "hit",       "hurt",   "let",   "put",
                                 "quit", "read",     "rid",       "set",    "shed",  "shut",
                                 "slit", "split",    "spread",    "thrust", "upset", "beat"};
  return std::ranges::find(kVerbs, verb) != kVerbs.end();
}

std::string regular_past(std::string_view verb) {
  if (verb.ends_with('e')) return cut(verb, 0, "d");
  return ends_in_consonant_and_y(verb) ? cut(verb, 1, "ied") : before_ending(verb) + "ed";
}

std::string past(const Forms& listed, std::string_view verb, bool is_participle) {
  if (verb == "be") return is_participle ? "been" : "was";
  Forms forms;
  for (const auto& form : listed)
    if (!ends_in(form, {"ing", "s"})) forms.push_back(form);
  for (const auto& form : forms)
    if (is_participle_alone(form, forms) == is_participle) return form;
  if (is_same_in_the_past(verb)) return std::string(verb);
  if (forms.empty()) return regular_past(verb);
  if (!is_participle) return regular_past(verb);  // "showed" beside "shown"
  if (ends_in(verb, {"run", "come"})) return std::string(verb);
  return forms.front();  // "bought"
}

std::string compared(const Forms& listed, std::string_view adjective, bool is_superlative) {
  const auto forms = is_superlative ? ending_in(listed, {"st"}) : ending_in(listed, {"r", "se"});
  if (!forms.empty()) return forms.front();
  const int count = syllables(adjective);
  if (count > 2 || (count == 2 && !ends_in(adjective, {"y", "le", "ow"}))) return {};
  const std::string_view ending = is_superlative ? "est" : "er";
  if (adjective.ends_with('e')) return cut(adjective, 1, ending);
  return ends_in_consonant_and_y(adjective) ? cut(adjective, 1, "i").append(ending)
                                            : before_ending(adjective).append(ending);
}

std::string noun_form(const Forms& listed, std::string_view noun, WordForm form) {
  return form == WordForm::plural ? plural(listed, noun) : std::string(noun);
}

std::string verb_form(const Forms& listed, std::string_view verb, WordForm form) {
  switch (form) {
    case WordForm::third_person:
      return third_person(listed, verb);
    case WordForm::past:
    case WordForm::past_participle:
      return past(listed, verb, form == WordForm::past_participle);
    case WordForm::present_participle:
      return present_participle(listed, verb);
    default:
      return std::string(verb);
  }
}

}  // namespace

WordForm form_of_tag(std::string_view tag) {
  struct Named {
    std::string_view tag;
    WordForm form;
  };
  constexpr Named kForms[] = {{"NNS", WordForm::plural},          {"NNPS", WordForm::plural},
                              {"VBZ", WordForm::third_person},    {"VBD", WordForm::past},
                              {"VBN", WordForm::past_participle}, {"VBG", WordForm::present_participle},
                              {"JJR", WordForm::comparative},     {"JJS", WordForm::superlative}};
  const auto* const found = std::ranges::find(kForms, tag, &Named::tag);
  return found == std::end(kForms) ? WordForm::base : found->form;
}

WordForm form_of(const Draft& draft, std::size_t word) {
  return draft.tags.empty() ? WordForm::base : form_of_tag(draft.tags[word]);
}

std::string inflected(const WordNet& wordnet, std::string_view base, PartOfSpeech pos, WordForm form) {
  if (form == WordForm::base) return std::string(base);
  if (pos == PartOfSpeech::adj) {
    if (form != WordForm::comparative && form != WordForm::superlative) return std::string(base);
    if (base.find(' ') != base.npos) return {};
    return compared(wordnet.inflections(database_spelling(base), pos), base, form == WordForm::superlative);
  }
  const bool is_verb = pos == PartOfSpeech::verb;
  const std::size_t space = is_verb ? base.find(' ') : base.rfind(' ');
  const std::size_t begin = is_verb || space == base.npos ? 0 : space + 1;
  const std::size_t end = is_verb && space != base.npos ? space : base.size();
  const std::string_view head = base.substr(begin, end - begin);
  const Forms& listed = wordnet.inflections(database_spelling(head), pos);
  return std::string(base.substr(0, begin)) +
         (is_verb ? verb_form(listed, head, form) : noun_form(listed, head, form)) +
         std::string(base.substr(end));
}

}  // namespace conceptune::concepts
