#include "conceptune/concepts/embedding_source.h"

#include <algorithm>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/concepts/substitution.h"
#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::concepts {
namespace {

/// Cosine of each substitute's hidden state and that of the token it replaces.
std::vector<double> similarities(const model::Decoder& decoder, const std::vector<std::int32_t>& ids,
                                 std::span<const Substitute> substitutes) {
  SharedTexts text(decoder, {&ids, 1});
  const auto states = text.substitute(substitutes);
  const std::int64_t width = states.states_MD.width();
  std::vector<double> similarities_S(substitutes.size());
  kernels::parallel_for(std::ssize(substitutes), [&](std::int64_t s) {
    const float* const own = states.states_MD.row(states.starts[static_cast<std::size_t>(s)]);
    const float* const replaced = text.states_ND().row(substitutes[static_cast<std::size_t>(s)].position);
    similarities_S[static_cast<std::size_t>(s)] = cosine(own, replaced, width);
  });
  return similarities_S;
}

}  // namespace

/// What to try in one passage: parallel lists.
struct EmbeddingSource::Trials {
  std::vector<Substitute> substitutes;
  std::vector<std::size_t> words;
  std::vector<const Candidate*> candidates;
};

EmbeddingSource::EmbeddingSource(const generation::LanguageModel& model,
                                 std::shared_ptr<const words::EnglishPipeline> pipeline,
                                 const EmbeddingOptions& options, int max_synonyms)
    : model_(model),
      pipeline_(std::move(pipeline)),
      options_(options),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {}

words::PartOfSpeech EmbeddingSource::part_of_speech(const std::string& text) const {
  const std::scoped_lock lock(mutex_);
  const auto [entry, is_new] = parts_of_speech_.try_emplace(text, words::PartOfSpeech::x);
  if (is_new) {
    const auto tokens = pipeline_->annotate(text, false);
    if (tokens.size() == 1) entry->second = tokens[0].pos;
  }
  return entry->second;
}

bool EmbeddingSource::fits(const Candidate& candidate, const ConceptWord& word) const {
  if (equal_ignoring_case(candidate.text, word.word)) return false;
  return !options_.match_part_of_speech || part_of_speech(candidate.text) == word.pos;
}

EmbeddingSource::Trials EmbeddingSource::trials_of(const Draft& draft, std::int32_t leading_tokens) const {
  Trials trials;
  for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
    const ConceptWord& word = draft.record.words[i];
    const auto& candidates = draft.candidates[i];
    const auto count = std::min(candidates.size(), static_cast<std::size_t>(options_.candidates));
    for (std::size_t k = 0; k < count; ++k) {
      if (!fits(candidates[k], word)) continue;
      trials.substitutes.push_back(
          {static_cast<std::int32_t>(word.position) + leading_tokens, {candidates[k].id}});
      trials.words.push_back(i);
      trials.candidates.push_back(&candidates[k]);
    }
  }
  return trials;
}

void EmbeddingSource::fill_one(Draft& draft) const {
  ConceptRecord& record = draft.record;
  const auto& tokenizer = *model_.tokenizer();
  const Trials trials = trials_of(draft, static_cast<std::int32_t>(tokenizer.leading_tokens()));
  if (trials.substitutes.empty()) return;
  const std::vector<double> similarities_S =
      similarities(model_.decoder(), tokenizer.with_begin(record.ids), trials.substitutes);
  for (std::size_t s = 0; s < trials.substitutes.size(); ++s) {
    const double similarity = similarities_S[s];
    const Candidate& candidate = *trials.candidates[s];
    if (similarity >= options_.least_similarity)
      record.words[trials.words[s]].synonyms.push_back({{candidate.id}, candidate.text, similarity});
  }
  for (auto& word : record.words) {
    std::stable_sort(word.synonyms.begin(), word.synonyms.end(),
                     [](const Synonym& a, const Synonym& b) { return a.score > b.score; });
    if (word.synonyms.size() > max_synonyms_) word.synonyms.resize(max_synonyms_);
  }
}

Outcomes EmbeddingSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    fill_one(draft);
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      const bool is_answered = !draft.record.words[i].synonyms.empty();
      ++outcomes.asked;
      ++(draft.candidates[i].empty() ? outcomes.refused : is_answered ? outcomes.answered : outcomes.empty);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
