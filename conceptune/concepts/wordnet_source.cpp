#include "conceptune/concepts/wordnet_source.h"

#include <algorithm>
#include <unordered_map>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"

namespace conceptune::concepts {

/// The synsets close to a word, nearest first, and the base forms of the word itself.
struct WordNetSource::Neighbourhood {
  std::vector<std::string> base_forms;
  std::vector<RelatedSynset> synsets;
  std::unordered_map<Synset, int> distances;
};

WordNetSource::WordNetSource(std::shared_ptr<const WordNet> wordnet,
                             std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                             const WordNetOptions& options, int max_synonyms)
    : wordnet_(std::move(wordnet)),
      tokenizer_(std::move(tokenizer)),
      options_(options),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {}

Json WordNetSource::made_from() const {
  // Sets of datasets without the second were made with the results of all rules of detachment.
  return {{"wordnet", wordnet_->hash()}, {"base_forms", "wn"}};
}

WordNetSource::Neighbourhood WordNetSource::neighbourhood_of(const ConceptWord& word) const {
  Neighbourhood near;
  near.base_forms = wordnet_->base_forms(word.word, word.pos);
  for (const auto& form : near.base_forms) {
    const auto& senses = wordnet_->synsets(form, word.pos);
    const std::size_t limit = options_.senses > 0 ? static_cast<std::size_t>(options_.senses) : senses.size();
    for (std::size_t i = 0; i < std::min(limit, senses.size()); ++i)
      for (const auto& related : wordnet_->related(senses[i], options_.relations, options_.depth)) {
        const auto [entry, is_new] = near.distances.emplace(related.synset, related.distance);
        entry->second = std::min(entry->second, related.distance);
        if (is_new) near.synsets.push_back(related);
      }
  }
  for (auto& related : near.synsets) related.distance = near.distances.at(related.synset);
  // The order of senses stays within a distance.
  std::stable_sort(near.synsets.begin(), near.synsets.end(),
                   [](const RelatedSynset& a, const RelatedSynset& b) { return a.distance < b.distance; });
  return near;
}

std::vector<Synonym> WordNetSource::choose(const ConceptWord& word, const Neighbourhood& near,
                                           const Candidates& candidates) const {
  std::vector<Synonym> chosen;
  const auto is_close = [&](const std::string& form) {
    const auto& senses = wordnet_->synsets(form, word.pos);
    return std::any_of(senses.begin(), senses.end(), [&](Synset s) { return near.distances.contains(s); });
  };
  const auto is_of_the_word = [&](const std::string& form) {
    return std::find(near.base_forms.begin(), near.base_forms.end(), form) != near.base_forms.end();
  };
  for (const auto& candidate : candidates) {
    if (chosen.size() == max_synonyms_) break;
    if (equal_ignoring_case(candidate.text, word.word) || has_text_ignoring_case(chosen, candidate.text))
      continue;
    const auto forms = wordnet_->base_forms(candidate.text, word.pos);
    if (!options_.keep_inflections && std::any_of(forms.begin(), forms.end(), is_of_the_word)) continue;
    if (std::any_of(forms.begin(), forms.end(), is_close))
      chosen.push_back({{candidate.id}, candidate.text, candidate.probability});
  }
  return chosen;
}

std::vector<Synonym> WordNetSource::list(const ConceptWord& word, const Neighbourhood& near) const {
  std::vector<Synonym> listed;
  const auto is_taken = [&](const std::string& text) {
    const auto same = [&](const std::string& other) { return equal_ignoring_case(text, other); };
    return same(word.word) || std::any_of(near.base_forms.begin(), near.base_forms.end(), same) ||
           has_text_ignoring_case(listed, text);
  };
  for (const auto& related : near.synsets)
    for (const auto& text : wordnet_->words(related.synset)) {
      if (listed.size() == max_synonyms_) return listed;
      if (!is_taken(text))
        listed.push_back({tokenizer_->encode_ids(" " + text), text, 1.0 / (1 + related.distance)});
    }
  return listed;
}

Outcomes WordNetSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      ConceptWord& word = draft.record.words[i];
      const Neighbourhood near = neighbourhood_of(word);
      word.synonyms = options_.use_candidates ? choose(word, near, draft.candidates[i]) : list(word, near);
      ++outcomes.asked;
      ++(near.base_forms.empty() || draft.candidate_failures.contains(i) ? outcomes.refused
         : word.synonyms.empty()                                         ? outcomes.empty
                                                                         : outcomes.answered);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
