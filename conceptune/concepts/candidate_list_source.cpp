#include "conceptune/concepts/candidate_list_source.h"

#include <fmt/format.h>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/base/random.h"

namespace conceptune::concepts {
namespace {

Candidates shuffled(Candidates candidates, int seed, const std::string& passage, std::uint32_t position) {
  Random random(static_cast<std::uint64_t>(seed), fmt::format("candidates of {} {}", passage, position));
  random.shuffle(candidates);
  return candidates;
}

/// The first of them, neither the word nor one of another case twice.
std::vector<Synonym> first_of(const Candidates& candidates, const std::string& word, std::size_t count) {
  std::vector<Synonym> chosen;
  for (const Candidate& candidate : candidates) {
    if (chosen.size() == count) break;
    if (equal_ignoring_case(candidate.text, word) || has_text_ignoring_case(chosen, candidate.text)) continue;
    chosen.push_back({{candidate.id}, candidate.text, candidate.probability});
  }
  return chosen;
}

}  // namespace

Outcomes CandidateListSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      ConceptWord& word = draft.record.words[i];
      const Candidates& candidates = draft.candidates[i];
      word.synonyms = first_of(options_.order == CandidateOrder::model
                                   ? candidates
                                   : shuffled(candidates, options_.seed, draft.record.id, word.position),
                               word.word, max_synonyms_);
      ++outcomes.asked;
      ++(candidates.empty() ? outcomes.refused : word.synonyms.empty() ? outcomes.empty : outcomes.answered);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
