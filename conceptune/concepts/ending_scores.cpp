#include "conceptune/concepts/ending_scores.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "conceptune/runtime/generation/logit_chunk.h"

namespace conceptune::concepts {
namespace {

using Ids = std::vector<std::int32_t>;

/// A token that some row of hidden states predicts.
struct Predicted {
  std::int64_t row;
  std::int32_t token;
  double* log_prob;  // to be added to
};

/// Each row goes through the head once, however many tokens are asked of it.
void add_log_probs(const model::Decoder& decoder, const model::Matrix& hidden_ND,
                   std::span<const Predicted> tokens) {
  std::vector<std::int64_t> rows;
  for (const auto& token : tokens) rows.push_back(token.row);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  if (rows.empty()) return;
  std::vector<std::vector<const Predicted*>> of_row(rows.size());
  for (const auto& token : tokens)
    of_row[static_cast<std::size_t>(std::ranges::lower_bound(rows, token.row) - rows.begin())].push_back(
        &token);
  const model::Matrix hidden_MD = model::rows_of(hidden_ND, std::span<const std::int64_t>(rows));
  generation::for_each_logit_chunk(decoder, hidden_MD, [&](const generation::LogitChunk& chunk) {
    for (std::int64_t m = chunk.begin(); m < chunk.end(); ++m)
      for (const Predicted* one : of_row[static_cast<std::size_t>(m)])
        *one->log_prob -= chunk.nll(m, one->token);
  });
}

/// What is run for endings, and where the states of their tokens come to lie.
class Runs {
 public:
  Runs(const SharedTexts& texts, std::span<const Ending> endings) : texts_(texts) {
    std::map<std::tuple<std::int32_t, std::int32_t, Ids>, std::ptrdiff_t> known;
    for (const auto& ending : endings) {
      Ids tokens = ending.word;
      tokens.insert(tokens.end(), ending.following.begin(), ending.following.end());
      tokens.resize(std::max(tokens.size() - 1, ending.wants_state ? ending.word.size() : 0));
      const auto rest = texts.ids(ending.text).subspan(static_cast<std::size_t>(ending.position));
      if (std::ranges::mismatch(tokens, rest).in1 == tokens.end()) {
        of_ending_.push_back(kNotRun);
        continue;
      }
      const auto [run, is_new] =
          known.try_emplace({ending.text, ending.position, tokens}, std::ssize(substitutes_));
      if (is_new) substitutes_.push_back({ending.position, std::move(tokens), ending.text});
      of_ending_.push_back(run->second);
    }
  }

  const std::vector<Substitute>& substitutes() const { return substitutes_; }

  struct Row {
    bool is_of_text;  // or of what was run
    std::int64_t row;
  };
  /// Of the i-th token of an ending; the one before its word is −1.
  Row row(const SubstitutedStates& states, const Ending& ending, std::size_t e, std::int64_t i) const {
    const std::ptrdiff_t run = of_ending_[e];
    if (i < 0 || run == kNotRun) return {true, texts_.row(ending.text, ending.position) + i};
    return {false, states.starts[static_cast<std::size_t>(run)] + i};
  }

 private:
  static constexpr std::ptrdiff_t kNotRun = -1;  // the text's own tokens, or none

  const SharedTexts& texts_;
  std::vector<Substitute> substitutes_;
  std::vector<std::ptrdiff_t> of_ending_;
};

}  // namespace

ScoredEndings score_endings(SharedTexts& texts, std::span<const Ending> endings) {
  const Runs runs(texts, endings);
  const SubstitutedStates states = texts.substitute(runs.substitutes());
  ScoredEndings scored{std::vector<EndingScore>(endings.size()),
                       model::Matrix(std::ssize(endings), states.states_MD.width())};
  std::vector<Predicted> by_text, by_ending;
  for (std::size_t e = 0; e < endings.size(); ++e) {
    const Ending& ending = endings[e];
    EndingScore& score = scored.scores[e];
    score.following.resize(ending.following.size());
    const std::int64_t word = std::ssize(ending.word);
    const auto ask = [&](std::int64_t i, std::int32_t token, double* log_prob) {
      const auto [is_of_text, row] = runs.row(states, ending, e, i - 1);
      (is_of_text ? by_text : by_ending).push_back({row, token, log_prob});
    };
    for (std::int64_t i = 0; i < word; ++i) ask(i, ending.word[static_cast<std::size_t>(i)], &score.word);
    for (std::size_t i = 0; i < ending.following.size(); ++i)
      ask(word + static_cast<std::int64_t>(i), ending.following[i], &score.following[i]);
    if (!ending.wants_state) continue;
    const auto [is_of_text, row] = runs.row(states, ending, e, word - 1);
    std::copy_n((is_of_text ? texts.states_ND() : states.states_MD).row(row), scored.states_ED.width(),
                scored.states_ED.row(static_cast<std::int64_t>(e)));
  }
  add_log_probs(texts.decoder(), texts.states_ND(), by_text);
  add_log_probs(texts.decoder(), states.states_MD, by_ending);
  return scored;
}

}  // namespace conceptune::concepts
