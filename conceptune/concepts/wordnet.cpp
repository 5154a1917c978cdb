#include "conceptune/concepts/wordnet.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <unordered_map>

#include "conceptune/concepts/wordnet_data.h"

namespace conceptune::concepts {
namespace {

struct Detachment {
  std::string_view suffix;
  std::string_view ending;
};

// morphy(7WN), "Rules of detachment".
constexpr Detachment kNounRules[] = {{"s", ""},      {"ses", "s"},   {"xes", "x"},   {"zes", "z"},
                                     {"ches", "ch"}, {"shes", "sh"}, {"men", "man"}, {"ies", "y"}};
constexpr Detachment kVerbRules[] = {{"s", ""},   {"ies", "y"}, {"es", "e"},  {"es", ""},
                                     {"ed", "e"}, {"ed", ""},   {"ing", "e"}, {"ing", ""}};
constexpr Detachment kAdjectiveRules[] = {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}};

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

std::optional<WordNetPart> part_of(words::PartOfSpeech pos) {
  switch (pos) {
    case words::PartOfSpeech::noun:
      return WordNetPart::noun;
    case words::PartOfSpeech::verb:
      return WordNetPart::verb;
    case words::PartOfSpeech::adj:
      return WordNetPart::adjective;
    default:
      return std::nullopt;
  }
}

std::string lower_case(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// What the detachment rules make of a word. Nouns in -ful keep their ending ("boxesful" → "boxful"); short
/// words and nouns in -ss have no inflection to detach.
std::vector<std::string> detached(std::string_view word, WordNetPart part) {
  std::vector<std::string> forms;
  std::string_view ending;
  if (part == WordNetPart::noun) {
    if (word.ends_with("ful")) {
      ending = "ful";
      word.remove_suffix(ending.size());
    } else if (word.ends_with("ss") || word.size() <= 2) {
      return forms;
    }
  }
  for (const auto& rule : rules_of(part)) {
    if (!word.ends_with(rule.suffix) || word.size() == rule.suffix.size()) continue;
    std::string form(word.substr(0, word.size() - rule.suffix.size()));
    forms.push_back(form.append(rule.ending).append(ending));
  }
  return forms;
}

/// The pointers of the database to follow for a relation, one after the other.
std::string_view symbols_of(WordNetRelation relation) {
  switch (relation) {
    case WordNetRelation::similar_to:
      return "&";
    case WordNetRelation::hypernym:
      return "@";
    case WordNetRelation::hyponym:
      return "~";
    case WordNetRelation::verb_group:
      return "$";
    case WordNetRelation::coordinate:
      return "@~";
  }
  return {};
}

}  // namespace

WordNet::WordNet(std::unique_ptr<Data> data) : data_(std::move(data)) {}
WordNet::~WordNet() = default;

std::vector<std::string> WordNet::base_forms(std::string_view word, words::PartOfSpeech pos) const {
  const auto part = part_of(pos);
  if (!part) return {};
  const auto& senses = data_->senses[static_cast<std::size_t>(*part)];
  std::vector<std::string> forms;
  const auto keep = [&](const std::string& form) {
    if (senses.contains(form) && std::find(forms.begin(), forms.end(), form) == forms.end())
      forms.push_back(form);
  };
  const std::string lower = lower_case(word);
  const auto& exceptions = data_->exceptions[static_cast<std::size_t>(*part)];
  keep(lower);
  const auto exception = exceptions.find(lower);
  for (const auto& form : exception != exceptions.end() ? exception->second : detached(lower, *part))
    keep(form);
  return forms;
}

const std::vector<Synset>& WordNet::synsets(std::string_view base_form, words::PartOfSpeech pos) const {
  static const std::vector<Synset> kNone;
  const auto part = part_of(pos);
  if (!part) return kNone;
  const auto& senses = data_->senses[static_cast<std::size_t>(*part)];
  const auto found = senses.find(base_form);
  return found == senses.end() ? kNone : found->second;
}

const std::vector<std::string>& WordNet::words(Synset synset) const {
  return data_->synsets.at(synset).words;
}

bool WordNet::contains(std::string_view word, words::PartOfSpeech pos) const {
  return !base_forms(word, pos).empty();
}

std::vector<RelatedSynset> WordNet::related(Synset from, const std::vector<WordNetRelation>& relations,
                                            int depth) const {
  std::unordered_map<Synset, int> distances{{from, 0}};
  for (const auto relation : relations) {
    std::vector<Synset> frontier{from};
    for (int step = 1; step <= depth; ++step) {
      for (const char symbol : symbols_of(relation)) {
        std::vector<Synset> next;
        for (const Synset synset : frontier)
          for (const auto& pointer : data_->synsets.at(synset).pointers)
            if (pointer.symbol == symbol) next.push_back(pointer.target);
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
        frontier = std::move(next);
      }
      for (const Synset synset : frontier) {
        const auto [entry, is_new] = distances.emplace(synset, step);
        entry->second = std::min(entry->second, step);
      }
    }
  }
  std::vector<RelatedSynset> found;
  for (const auto& [synset, distance] : distances) found.push_back({synset, distance});
  std::sort(found.begin(), found.end(), [](const RelatedSynset& a, const RelatedSynset& b) {
    return std::pair(a.distance, a.synset) < std::pair(b.distance, b.synset);
  });
  return found;
}

const std::string& WordNet::hash() const { return data_->hash; }

}  // namespace conceptune::concepts
