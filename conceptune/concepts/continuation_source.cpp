#include "conceptune/concepts/continuation_source.h"

#include <algorithm>

namespace conceptune::concepts {

ContinuationSource::ContinuationSource(const generation::LanguageModel& model,
                                       std::shared_ptr<const WordNet> wordnet,
                                       const WordNetOptions& wordnet_options,
                                       const ContinuationOptions& options, int max_synonyms)
    : model_(model),
      pools_(std::move(wordnet), wordnet_options, options.pool, options.words, model.tokenizer()),
      options_(options),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  model_.decoder();
}

Json ContinuationSource::made_from() const { return {{"wordnet", pools_.wordnet().hash()}}; }

std::optional<JudgedPlace> ContinuationSource::place_of(const Draft& draft, std::size_t i) const {
  const ConceptRecord& record = draft.record;
  const ConceptWord& word = record.words[i];
  const std::size_t leading = model_.tokenizer()->leading_tokens();
  const auto context = static_cast<std::size_t>(model_.config().context_length);
  JudgedPlace place{.passage = 0,
                    .position = static_cast<std::int32_t>(word.position + leading),
                    .text = word.word,
                    .own = {record.ids[word.position]},
                    .following = {},
                    .pool = {}};
  const auto rest = std::span(record.ids).subspan(word.position + 1);
  const std::size_t following = options_.following < 0
                                    ? rest.size()
                                    : std::min(rest.size(), static_cast<std::size_t>(options_.following));
  place.following.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(following));
  for (auto& one : pools_.pool_of(draft, i)) {
    SubstituteFacts facts{
        .steps = one.steps, .sense = one.sense, .tokens = static_cast<int>(one.ids.size()), .following = {}};
    place.pool.push_back({std::move(one), std::move(facts)});
  }
  const std::size_t longest =
      static_cast<std::size_t>(place.position) + place.longest_word() + place.following.size();
  if (place.position == 0 || record.ids.size() + leading > context || longest > context) return {};
  return place;
}

std::vector<std::vector<ContinuationSource::Judged>> ContinuationSource::judge(
    std::span<const Draft> drafts, const std::stop_token& stop) const {
  std::vector<std::vector<Judged>> judged;
  std::vector<std::vector<std::int32_t>> passages;
  std::vector<JudgedPlace> places;
  std::vector<std::size_t> words;  // of each place
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    passages.push_back(model_.tokenizer()->with_begin(drafts[d].record.ids));
    judged.emplace_back(drafts[d].record.words.size());
    for (std::size_t i = 0; i < judged[d].size(); ++i) {
      auto place = place_of(drafts[d], i);
      if (!place) continue;
      judged[d][i].emplace();
      if (place->pool.empty()) continue;
      place->passage = d;
      places.push_back(std::move(*place));
      words.push_back(i);
    }
  }
  const int shortlist = options_.shortlist > 0 ? options_.shortlist : options_.words;
  judge_places(model_, passages, places, static_cast<std::size_t>(shortlist), stop);
  for (std::size_t p = 0; p < places.size(); ++p)
    judged[places[p].passage][words[p]] = std::move(places[p].pool);
  return judged;
}

std::vector<Synonym> ContinuationSource::chosen(const std::vector<JudgedWord>& judged) const {
  std::vector<Synonym> synonyms;
  for (const auto& one : judged) {
    const double score = substitute_score(one.facts, options_.order);
    if (options_.order != SubstituteOrder::fitted || score >= options_.least_probability)
      synonyms.push_back({one.word.ids, one.word.text, score});
  }
  std::ranges::stable_sort(synonyms, std::greater(), &Synonym::score);
  if (synonyms.size() > max_synonyms_) synonyms.resize(max_synonyms_);
  return synonyms;
}

Outcomes ContinuationSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  const auto judged = judge(drafts, stop);
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    Draft& draft = drafts[d];
    for (std::size_t i = 0; i < judged[d].size(); ++i) {
      ++outcomes.asked;
      if (!judged[d][i]) {
        ++outcomes.refused;
        draft.candidate_failures[i] = draft.record.words[i].position == 0
                                          ? "nothing precedes the word"
                                          : "the passage is longer than the model's context";
        continue;
      }
      auto& synonyms = draft.record.words[i].synonyms;
      synonyms = chosen(*judged[d][i]);
      ++(synonyms.empty() ? outcomes.empty : outcomes.answered);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
