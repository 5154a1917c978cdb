#include "conceptune/concepts/continuation_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/concepts/ending_scores.h"

namespace conceptune::concepts {
namespace {

constexpr std::size_t kLikenessAfter = 3;    // tokens
constexpr std::size_t kTokensAtOnce = 4096;  // of endings
constexpr int kSensesTold = 9;               // rarer senses count as this one

using Ids = std::vector<std::int32_t>;

/// The text's tokens behind the model's begin token.
Ids with_begin(const tokenizer::Tokenizer& tokenizer, std::span<const std::int32_t> ids) {
  Ids all;
  if (const auto begin = tokenizer.begin_token()) all.push_back(*begin);
  all.insert(all.end(), ids.begin(), ids.end());
  return all;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

double substitute_score(const SubstituteFacts& facts, SubstituteOrder order) {
  switch (order) {
    case SubstituteOrder::continuation:
      return facts.word + facts.following;
    case SubstituteOrder::likeness:
      return facts.likeness;
    case SubstituteOrder::fitted:
      break;
  }
  // Printed by bench/studies/fit_substitutes.py.
  return logistic(-1.576 - 0.542 * facts.steps * facts.steps - 0.126 * std::min(facts.sense, kSensesTold) +
                  0.062 * facts.word + 0.053 * facts.following + 3.026 * facts.likeness +
                  1.278 * facts.likeness_after + 0.287 * facts.association);
}

/// A word of a draft whose pool is judged.
struct ContinuationSource::Place {
  std::int32_t position;  // of its token behind the begin token
  Ids own, following;
  std::string text;
  std::vector<JudgedWord> pool;

  std::size_t tokens() const {
    std::size_t count = own.size() + following.size();
    for (const auto& one : pool) count += one.word.ids.size() + following.size();
    return count;
  }
  std::size_t longest() const {
    std::size_t most = own.size();
    for (const auto& one : pool) most = std::max(most, one.word.ids.size());
    return static_cast<std::size_t>(position) + most + following.size();
  }
};

ContinuationSource::ContinuationSource(const generation::LanguageModel& model,
                                       std::shared_ptr<const WordNet> wordnet,
                                       const WordNetOptions& wordnet_options,
                                       const ContinuationOptions& options, int max_synonyms)
    : model_(model),
      wordnet_(std::move(wordnet)),
      wordnet_options_(wordnet_options),
      options_(options),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  model_.decoder();
}

Json ContinuationSource::made_from() const { return {{"wordnet", wordnet_->hash()}}; }

std::vector<PoolWord> ContinuationSource::pool_of(const Draft& draft, std::size_t i) const {
  const ConceptWord& word = draft.record.words[i];
  WordNetNeighbours near = neighbours_of(*wordnet_, word.word, word.pos, wordnet_options_);
  if (options_.pool == SubstitutePool::candidates) near.synsets.clear();
  static const Candidates kNone;
  const Candidates& candidates = options_.pool == SubstitutePool::wordnet ? kNone : draft.candidates[i];
  return substitute_pool(word, form_of(draft, i), candidates, near, *wordnet_, *model_.tokenizer(),
                         static_cast<std::size_t>(options_.words));
}

void ContinuationSource::judge_together(std::span<const std::int32_t> ids, std::span<Place> places) const {
  std::vector<Ending> endings;
  for (const Place& place : places) {
    endings.push_back({place.position, place.own, place.following});
    for (const auto& one : place.pool) endings.push_back({place.position, one.word.ids, place.following});
  }
  const auto scored = score_endings(model_.decoder(), ids, endings);
  std::size_t own = 0;
  for (Place& place : places) {
    for (std::size_t i = 0; i < place.pool.size(); ++i) {
      const std::size_t e = own + 1 + i;
      SubstituteFacts& facts = place.pool[i].facts;
      facts.word = scored.scores[e].word - scored.scores[own].word;
      facts.following = scored.scores[e].following - scored.scores[own].following;
      facts.likeness = scored.likeness(endings, own, e);
      facts.likeness_after = scored.likeness_after(endings, own, e, kLikenessAfter);
    }
    own += 1 + place.pool.size();
  }
}

void ContinuationSource::associate(Place& place) const {
  const auto& tokenizer = *model_.tokenizer();
  const Ids ids =
      with_begin(tokenizer, tokenizer.encode_ids(fmt::format("Synonyms of \"{0}\": {0},", place.text)));
  std::vector<Ending> endings;
  for (const auto& one : place.pool)
    endings.push_back({static_cast<std::int32_t>(ids.size()), one.word.ids, {}});
  const auto scored = score_endings(model_.decoder(), ids, endings);
  for (std::size_t i = 0; i < place.pool.size(); ++i) place.pool[i].facts.association = scored.scores[i].word;
}

std::vector<std::optional<std::vector<ContinuationSource::JudgedWord>>> ContinuationSource::judge(
    const Draft& draft) const {
  const Ids ids = with_begin(*model_.tokenizer(), draft.record.ids);
  const auto leading = static_cast<std::int32_t>(ids.size() - draft.record.ids.size());
  const auto context = static_cast<std::size_t>(model_.config().context_length);
  std::vector<std::optional<std::vector<JudgedWord>>> judged(draft.record.words.size());
  std::vector<Place> places;
  std::vector<std::size_t> words;  // of each place
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const ConceptWord& word = draft.record.words[i];
    Place place{.position = static_cast<std::int32_t>(word.position) + leading,
                .own = {draft.record.ids[word.position]},
                .following = {},
                .text = word.word,
                .pool = {}};
    const auto rest = std::span(draft.record.ids).subspan(word.position + 1);
    const std::size_t following = options_.following < 0
                                      ? rest.size()
                                      : std::min(rest.size(), static_cast<std::size_t>(options_.following));
    place.following.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(following));
    for (auto& one : pool_of(draft, i)) place.pool.push_back({one, {.steps = one.steps, .sense = one.sense}});
    if (place.position == 0 || ids.size() > context || place.longest() > context) continue;
    judged[i].emplace();
    if (place.pool.empty()) continue;
    places.push_back(std::move(place));
    words.push_back(i);
  }
  for (std::size_t begin = 0; begin < places.size();) {
    std::size_t end = begin;
    for (std::size_t tokens = 0; end < places.size() && tokens < kTokensAtOnce; ++end)
      tokens += places[end].tokens();
    judge_together(ids, std::span(places).subspan(begin, end - begin));
    begin = end;
  }
  for (std::size_t p = 0; p < places.size(); ++p) {
    if (options_.order == SubstituteOrder::fitted) associate(places[p]);
    judged[words[p]] = std::move(places[p].pool);
  }
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
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    const auto judged = judge(draft);
    for (std::size_t i = 0; i < judged.size(); ++i) {
      ++outcomes.asked;
      if (!judged[i]) {
        ++outcomes.refused;
        draft.candidate_failures[i] = draft.record.words[i].position == 0
                                          ? "nothing precedes the word"
                                          : "the passage is longer than the model's context";
        continue;
      }
      auto& synonyms = draft.record.words[i].synonyms;
      synonyms = chosen(*judged[i]);
      ++(synonyms.empty() ? outcomes.empty : outcomes.answered);
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
