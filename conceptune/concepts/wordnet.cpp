#include "conceptune/concepts/wordnet.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "conceptune/concepts/wordnet_data.h"
#include "conceptune/concepts/wordnet_morphology.h"

namespace conceptune::concepts {
namespace {

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

/// The spellings of a word that the database has, but for those that have no synset of their own.
std::vector<std::string> known_spellings(const Morphology::Senses& senses, const std::string& word) {
  std::vector<std::string> known;
  std::set<Synset> synsets;
  for (auto& spelling : alternative_spellings(word)) {
    const auto found = senses.find(spelling);
    if (found == senses.end()) continue;
    const std::size_t before = synsets.size();
    synsets.insert(found->second.begin(), found->second.end());
    if (synsets.size() > before) known.push_back(std::move(spelling));
  }
  return known;
}

/// The entry of a part of speech's table; empty where there is none.
template <class Value>
const Value& entry_of(const std::array<StringMap<Value>, kWordNetParts.size()>& tables, std::string_view key,
                      words::PartOfSpeech pos) {
  static const Value kNone;
  const auto part = part_of(pos);
  if (!part) return kNone;
  const auto& table = tables[static_cast<std::size_t>(*part)];
  const auto found = table.find(key);
  return found == table.end() ? kNone : found->second;
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
  const auto index = static_cast<std::size_t>(*part);
  const auto& senses = data_->senses[index];
  const Morphology morphology(*part, data_->exceptions[index], senses);
  const std::string as_it_stands = database_spelling(word);
  std::vector<std::string> sought = morphology.uninflected(as_it_stands);
  sought.insert(sought.begin(), as_it_stands);
  std::vector<std::string> forms;
  for (const auto& form : sought)
    for (auto& spelling : known_spellings(senses, form))
      if (std::find(forms.begin(), forms.end(), spelling) == forms.end())
        forms.push_back(std::move(spelling));
  return forms;
}

const std::vector<Synset>& WordNet::synsets(std::string_view base_form, words::PartOfSpeech pos) const {
  return entry_of(data_->senses, base_form, pos);
}

const std::vector<std::string>& WordNet::exceptions(std::string_view form, words::PartOfSpeech pos) const {
  return entry_of(data_->exceptions, form, pos);
}

const std::vector<std::string>& WordNet::inflections(std::string_view base_form,
                                                     words::PartOfSpeech pos) const {
  return entry_of(data_->inflections, base_form, pos);
}

const std::vector<std::string>& WordNet::words(Synset synset) const {
  return data_->synsets.at(synset).words;
}

bool WordNet::contains(std::string_view word, words::PartOfSpeech pos) const {
  return !base_forms(word, pos).empty();
}

std::vector<RelatedSynset> WordNet::related(Synset from, const std::vector<WordNetRelation>& relations,
                                            int depth) const {
  std::vector<RelatedSynset> found{{from, 0}};
  std::unordered_map<Synset, std::size_t> places{{from, 0}};  // in found
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
        const auto [place, is_new] = places.emplace(synset, found.size());
        if (is_new) found.push_back({synset, step});
        found[place->second].distance = std::min(found[place->second].distance, step);
      }
    }
  }
  std::ranges::stable_sort(found, {}, &RelatedSynset::distance);
  return found;
}

const std::string& WordNet::hash() const { return data_->hash; }

}  // namespace conceptune::concepts
