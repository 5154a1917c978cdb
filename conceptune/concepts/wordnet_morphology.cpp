#include "conceptune/concepts/wordnet_morphology.h"

#include <algorithm>
#include <span>

namespace conceptune::concepts {
namespace {

struct Detachment {
  std::string_view suffix;
  std::string_view ending;
};

// morphy(7WN), "Rules of Detachment", in the order in which they are tried.
constexpr Detachment kNounRules[] = {{"s", ""},      {"ses", "s"},   {"xes", "x"},   {"zes", "z"},
                                     {"ches", "ch"}, {"shes", "sh"}, {"men", "man"}, {"ies", "y"}};
constexpr Detachment kVerbRules[] = {{"s", ""},   {"ies", "y"}, {"es", "e"},  {"es", ""},
                                     {"ed", "e"}, {"ed", ""},   {"ing", "e"}, {"ing", ""}};
constexpr Detachment kAdjectiveRules[] = {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}};

constexpr std::string_view kFul = "ful";
constexpr std::string_view kSeparators = " -";

std::span<const Detachment> rules_of(WordNetPart part) {
  switch (part) {
    case WordNetPart::noun:
      return kNounRules;
    case WordNetPart::verb:
      return kVerbRules;
    case WordNetPart::adjective:
      break;
  }
  return kAdjectiveRules;
}

/// Whether a word ends in a suffix and is more than it.
bool has_suffix(std::string_view word, std::string_view suffix) {
  return word.size() > suffix.size() && word.ends_with(suffix);
}

std::string without(std::string word, std::string_view characters) {
  std::erase_if(word, [&](char c) { return characters.find(c) != std::string_view::npos; });
  return word;
}

std::string replaced(std::string word, char from, char to) {
  std::replace(word.begin(), word.end(), from, to);
  return word;
}

/// How many runs of separators a word has.
std::size_t count_separations(std::string_view word) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool separates = kSeparators.find(word[i]) != std::string_view::npos;
    const bool goes_on = i > 0 && kSeparators.find(word[i - 1]) != std::string_view::npos;
    if (separates && !goes_on) ++count;
  }
  return count;
}

}  // namespace

std::string database_spelling(std::string_view word) {
  std::string spelling(word);
  for (char& c : spelling) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = ' ';
  }
  return spelling;
}

std::vector<std::string> alternative_spellings(const std::string& word) {
  std::vector<std::string> spellings{word};
  for (const auto& other :
       {replaced(word, ' ', '-'), replaced(word, '-', ' '), without(word, kSeparators), without(word, ".")})
    if (std::find(spellings.begin(), spellings.end(), other) == spellings.end()) spellings.push_back(other);
  return spellings;
}

bool Morphology::has(const std::string& word) const {
  const auto spellings = alternative_spellings(word);
  return std::any_of(spellings.begin(), spellings.end(),
                     [&](const std::string& spelling) { return senses_.contains(spelling); });
}

std::vector<std::string> Morphology::uninflected(const std::string& word) const {
  const auto exception = exceptions_.find(word);
  if (exception != exceptions_.end() && exception->second.front() != word) return exception->second;
  if (part_ != WordNetPart::verb)
    if (const std::string form = form_behind(word); !form.empty() && form != word) return {form};
  const std::string form = with_parts_uninflected(word);
  if (form != word && has(form)) return {form};
  return {};
}

std::string Morphology::form_behind(const std::string& word) const {
  const auto exception = exceptions_.find(word);
  if (exception != exceptions_.end()) return exception->second.front();
  std::string_view stem = word;
  std::string_view ending;
  if (part_ == WordNetPart::noun && has_suffix(word, kFul)) {  // "boxesful" → "boxful"
    ending = kFul;
    stem.remove_suffix(kFul.size());
  } else if (part_ == WordNetPart::noun && (has_suffix(word, "ss") || word.size() <= 2)) {
    return {};
  }
  for (const auto& rule : rules_of(part_)) {
    if (!has_suffix(stem, rule.suffix)) continue;
    const std::string form =
        std::string(stem.substr(0, stem.size() - rule.suffix.size())).append(rule.ending);
    if (has(form)) return form + std::string(ending);
  }
  return {};
}

std::string Morphology::with_parts_uninflected(const std::string& word) const {
  const auto treated = [&](const std::string& part) {
    const std::string form = form_behind(part);
    return form.empty() ? part : form;
  };
  std::string joined;
  std::size_t begin = 0;
  // Of a run of separators all but the first belong to the next part, as in Princeton's library.
  for (std::size_t i = count_separations(word); i > 0; --i) {
    const std::size_t end = word.find_first_of(kSeparators, begin);
    joined += treated(word.substr(begin, end - begin)) + word[end];
    begin = end + 1;
  }
  return joined + treated(word.substr(begin));
}

}  // namespace conceptune::concepts
