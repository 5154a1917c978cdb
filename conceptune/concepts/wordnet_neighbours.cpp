#include "conceptune/concepts/wordnet_neighbours.h"

#include <algorithm>

#include "conceptune/base/ascii_case.h"

namespace conceptune::concepts {

const WordNetNeighbour* WordNetNeighbours::of(const WordNet& wordnet, const std::string& base_form,
                                              words::PartOfSpeech pos) const {
  int first = static_cast<int>(synsets.size());
  for (const Synset synset : wordnet.synsets(base_form, pos))
    if (const auto place = places.find(synset); place != places.end()) first = std::min(first, place->second);
  return std::cmp_equal(first, synsets.size()) ? nullptr : &synsets[static_cast<std::size_t>(first)];
}

bool WordNetNeighbours::is_own(const std::string& base_form) const {
  return std::ranges::any_of(base_forms,
                             [&](const std::string& own) { return equal_ignoring_case(own, base_form); });
}

WordNetNeighbours neighbours_of(const WordNet& wordnet, const std::string& word, words::PartOfSpeech pos,
                                const WordNetOptions& options) {
  WordNetNeighbours near;
  near.base_forms = wordnet.base_forms(word, pos);
  for (const auto& form : near.base_forms) {
    const auto& senses = wordnet.synsets(form, pos);
    const std::size_t limit = options.senses > 0 ? static_cast<std::size_t>(options.senses) : senses.size();
    for (std::size_t sense = 0; sense < std::min(limit, senses.size()); ++sense)
      for (const auto& related : wordnet.related(senses[sense], options.relations, options.depth)) {
        const auto [place, is_new] =
            near.places.emplace(related.synset, static_cast<int>(near.synsets.size()));
        if (is_new) near.synsets.push_back({related.synset, related.distance, static_cast<int>(sense)});
        WordNetNeighbour& neighbour = near.synsets[static_cast<std::size_t>(place->second)];
        const WordNetNeighbour other{related.synset, related.distance, static_cast<int>(sense)};
        if (other.remoteness() < neighbour.remoteness()) neighbour = other;
      }
  }
  std::ranges::stable_sort(near.synsets, {}, &WordNetNeighbour::remoteness);
  for (std::size_t i = 0; i < near.synsets.size(); ++i)
    near.places[near.synsets[i].synset] = static_cast<int>(i);
  return near;
}

}  // namespace conceptune::concepts
