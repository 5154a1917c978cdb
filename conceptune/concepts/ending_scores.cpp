#include "conceptune/concepts/ending_scores.h"

#include <algorithm>

#include "conceptune/runtime/generation/logit_chunk.h"

namespace conceptune::concepts {
namespace {

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
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
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

}  // namespace

double ScoredEndings::likeness(std::span<const Ending> endings, std::size_t a, std::size_t b) const {
  const auto state = [&](std::size_t i) {
    return states.substitute_MD.row(states.starts[i] + std::ssize(endings[i].word) - 1);
  };
  return cosine(state(a), state(b), states.substitute_MD.width());
}

double ScoredEndings::likeness_after(std::span<const Ending> endings, std::size_t a, std::size_t b,
                                     std::size_t most) const {
  const std::size_t count = std::min({most, endings[a].following.size(), endings[b].following.size()});
  if (count == 0) return 1;
  const auto state = [&](std::size_t i, std::size_t n) {
    return states.substitute_MD.row(states.starts[i] + std::ssize(endings[i].word) +
                                    static_cast<std::int64_t>(n));
  };
  double sum = 0;
  for (std::size_t n = 0; n < count; ++n)
    sum += cosine(state(a, n), state(b, n), states.substitute_MD.width());
  return sum / static_cast<double>(count);
}

ScoredEndings score_endings(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                            std::span<const Ending> endings) {
  std::vector<Substitute> substitutes;
  for (const auto& ending : endings) {
    substitutes.push_back({ending.position, ending.word});
    auto& tokens = substitutes.back().ids;
    tokens.insert(tokens.end(), ending.following.begin(), ending.following.end());
  }
  ScoredEndings scored{std::vector<EndingScore>(endings.size()), substitute(decoder, ids, substitutes)};
  std::vector<Predicted> by_text, by_ending;
  for (std::size_t e = 0; e < endings.size(); ++e) {
    const auto& tokens = substitutes[e].ids;
    by_text.push_back({endings[e].position - 1, tokens.front(), &scored.scores[e].word});
    for (std::size_t i = 1; i < tokens.size(); ++i)
      by_ending.push_back(
          {scored.states.starts[e] + static_cast<std::int64_t>(i) - 1, tokens[i],
           i < endings[e].word.size() ? &scored.scores[e].word : &scored.scores[e].following});
  }
  add_log_probs(decoder, scored.states.text_ND, by_text);
  add_log_probs(decoder, scored.states.substitute_MD, by_ending);
  return scored;
}

}  // namespace conceptune::concepts
