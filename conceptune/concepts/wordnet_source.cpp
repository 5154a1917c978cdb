#include "conceptune/concepts/wordnet_source.h"

#include <algorithm>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/concepts/substitute_pool.h"

namespace conceptune::concepts {
WordNetSource::WordNetSource(std::shared_ptr<const WordNet> wordnet,
                             std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                             const WordNetOptions& options, int max_synonyms)
    : wordnet_(std::move(wordnet)),
      tokenizer_(std::move(tokenizer)),
      options_(options),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {}

Json WordNetSource::made_from() const {
  // Datasets without the second have the results of all rules of detachment, those without the third base
  // forms where WordNet's own words are listed.
  return {{"wordnet", wordnet_->hash()}, {"base_forms", "wn"}, {"forms", "inflected"}};
}

std::vector<Synonym> WordNetSource::choose(const ConceptWord& word, const WordNetNeighbours& near,
                                           const Candidates& candidates) const {
  std::vector<Synonym> chosen;
  const auto is_close = [&](const std::string& form) {
    return near.of(*wordnet_, form, word.pos) != nullptr;
  };
  const auto is_own = [&](const std::string& form) { return near.is_own(form); };
  for (const auto& candidate : candidates) {
    if (chosen.size() == max_synonyms_) break;
    if (equal_ignoring_case(candidate.text, word.word) || has_text_ignoring_case(chosen, candidate.text))
      continue;
    const auto forms = wordnet_->base_forms(candidate.text, word.pos);
    if (!options_.keep_inflections && std::ranges::any_of(forms, is_own)) continue;
    if (std::ranges::any_of(forms, is_close))
      chosen.push_back({{candidate.id}, candidate.text, candidate.probability});
  }
  return chosen;
}

std::vector<Synonym> WordNetSource::list(const ConceptWord& word, const WordNetNeighbours& near,
                                         WordForm form) const {
  std::vector<Synonym> listed;
  for (auto& one : substitute_pool(word, form, {}, near, *wordnet_, *tokenizer_, max_synonyms_))
    listed.push_back(
        {std::move(one.ids), std::move(one.text), 1 / (1 + remoteness_of(one.steps, one.sense))});
  return listed;
}

Outcomes WordNetSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      ConceptWord& word = draft.record.words[i];
      const WordNetNeighbours near = neighbours_of(*wordnet_, word.word, word.pos, options_);
      word.synonyms = options_.use_candidates ? choose(word, near, draft.candidates[i])
                                              : list(word, near, form_of(draft, i));
      ++outcomes.asked;
      ++(near.base_forms.empty() || draft.candidate_failures.contains(i) ? outcomes.refused
         : word.synonyms.empty()                                         ? outcomes.empty
                                                                         : outcomes.answered);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
