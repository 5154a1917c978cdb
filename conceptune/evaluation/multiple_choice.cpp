// Shapes: N tokens of a batch, M rows that predict a continuation.
#include "conceptune/evaluation/multiple_choice.h"

#include <algorithm>
#include <cassert>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/generation/logit_chunk.h"
#include "conceptune/runtime/model/shared_prefix.h"

namespace conceptune::evaluation {
namespace {

/// A choice as token ids: the continuation is the last `scored` of them.
struct EncodedChoice {
  std::vector<tokenizer::TokenId> ids;
  std::size_t scored;
  double* log_likelihood;
};

/// As the harness splits a pair: the tokens of context and continuation together, after as many as the
/// context has alone.
EncodedChoice encode_choice(const tokenizer::Tokenizer& tokenizer, std::string context,
                            std::string continuation, std::int64_t context_length) {
  const std::size_t end = python_rstrip(context).size();
  continuation = context.substr(end) + continuation;
  context.resize(end);
  std::vector<tokenizer::TokenId> ids = tokenizer.encode_ids(context + continuation);
  const std::size_t alone = std::min(tokenizer.encode_ids(context).size(), ids.size());
  std::size_t scored = ids.size() - alone;
  ids = tokenizer.with_begin(ids);
  // The last token is predicted, never read, so one more than the context fits.
  const auto limit = static_cast<std::size_t>(context_length) + 1;
  if (ids.size() > limit) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(limit));
  return {std::move(ids), std::min(scored, limit - 1), nullptr};
}

/// A token whose log-likelihood is added to its choice's.
struct ScoredToken {
  tokenizer::TokenId token;
  double* log_likelihood;
};

/// Adds the log-likelihoods of one batch of choices. What neighbours have in common (a question's context) is
/// run once.
void score_batch(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                 std::span<const EncodedChoice> choices) {
  model::PackedBatch batch;
  std::vector<std::int64_t> row_M;
  std::vector<ScoredToken> token_M;
  for (const auto& choice : choices) {
    const auto read = std::span(choice.ids).first(choice.ids.size() - 1);
    const model::TextRows rows = model::append_sharing(batch, read);
    for (std::size_t token = read.size() - choice.scored; token < read.size(); ++token) {
      row_M.push_back(rows.row(static_cast<std::int64_t>(token)));
      token_M.push_back({choice.ids[token + 1], choice.log_likelihood});
    }
  }
  if (row_M.empty()) return;
  const model::Matrix hidden_MD =
      model::rows_of(decoder.forward(batch, adapter), std::span<const std::int64_t>(row_M));
  generation::for_each_logit_chunk(decoder, hidden_MD, [&](const generation::LogitChunk& chunk) {
    for (std::int64_t m = chunk.begin(); m < chunk.end(); ++m)
      *token_M[m].log_likelihood -= chunk.nll(m, token_M[m].token);
  });
}

std::size_t best_of(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// Whether a question is answered right, by whole likelihood and by likelihood a character.
std::pair<bool, bool> judge(const ChoiceQuestion& question, const ChoiceScores& scores) {
  std::vector<double> by_character;
  for (std::size_t i = 0; i < scores.log_likelihoods.size(); ++i)
    by_character.push_back(scores.log_likelihoods[i] / static_cast<double>(question.characters[i]));
  return {best_of(scores.log_likelihoods) == question.answer, best_of(by_character) == question.answer};
}

}  // namespace

Json choice_scores_to_json(const ChoiceScores& scores) {
  return {{"id", scores.id}, {"log_likelihoods", scores.log_likelihoods}};
}

ChoiceScores choice_scores_from_json(const Json& item) {
  return {item.at("id"), item.at("log_likelihoods").get<std::vector<double>>()};
}

std::vector<ChoiceScores> score_choices(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                        const tokenizer::Tokenizer& tokenizer,
                                        const std::vector<ChoiceQuestion>& questions, int tokens_per_batch,
                                        ProgressObserver* observer, std::stop_token stop) {
  std::vector<ChoiceScores> scores;
  std::vector<EncodedChoice> choices;
  for (const auto& question : questions) {
    scores.push_back({question.id, std::vector<double>(question.contexts.size(), 0.0)});
    for (std::size_t i = 0; i < question.contexts.size(); ++i)
      choices.push_back(encode_choice(tokenizer, question.contexts[i], question.continuations[i],
                                      decoder.config().context_length));
  }
  auto choice = choices.begin();
  for (auto& question : scores)
    for (double& value : question.log_likelihoods) (choice++)->log_likelihood = &value;

  Progress progress(observer, "scoring choices", static_cast<std::int64_t>(choices.size()), "choices");
  for (std::size_t first = 0; first < choices.size();) {
    if (stop.stop_requested()) throw Interrupted("scoring choices: stopped");
    std::size_t last = first;
    for (std::size_t tokens = 0; last < choices.size() && tokens < static_cast<std::size_t>(tokens_per_batch);
         ++last)
      tokens += choices[last].ids.size();
    score_batch(decoder, adapter, std::span(choices).subspan(first, last - first));
    progress.add(static_cast<std::int64_t>(last - first));
    first = last;
  }
  return scores;
}

MetricTable choice_table(ChoiceTask task, const std::vector<ChoiceQuestion>& questions,
                         const std::vector<SubjectChoices>& subjects) {
  const bool normalised = task != ChoiceTask::winogrande;
  MetricTable table{.benchmark = std::string(name_of(task)),
                    .convention = {},
                    .unit = "questions",
                    .resampled = "questions",
                    .n = static_cast<std::int64_t>(questions.size()),
                    .items = questions.size(),
                    .subjects = {},
                    .metrics = {"acc"},
                    .points = {},
                    .compute = {}};
  if (normalised) table.metrics.emplace_back("acc_norm");
  std::vector<std::vector<double>> right;  // by subject and metric, then question
  for (const auto& subject : subjects) {
    assert(subject.questions.size() == questions.size());
    table.subjects.push_back(subject.subject);
    std::vector<double> plain, by_character;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      const auto [right_plain, right_by_character] = judge(questions[q], subject.questions[q]);
      plain.push_back(right_plain ? 1 : 0);
      by_character.push_back(right_by_character ? 1 : 0);
    }
    right.push_back(std::move(plain));
    if (normalised) right.push_back(std::move(by_character));
  }
  const auto mean_at = [](const std::vector<double>& values, std::span<const std::uint32_t> indices) {
    double sum = 0;
    for (const auto i : indices) sum += values[i];
    return sum / static_cast<double>(indices.size());
  };
  std::vector<std::uint32_t> all(questions.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  for (const auto& values : right) table.points.push_back(Statistic::of(mean_at(values, all)));
  table.compute = [right = std::move(right), mean_at](std::span<const std::uint32_t> indices,
                                                      const std::vector<bool>& wanted,
                                                      std::span<double> values) {
    for (std::size_t cell = 0; cell < right.size(); ++cell)
      if (wanted[cell]) values[cell] = mean_at(right[cell], indices);
  };
  return table;
}

}  // namespace conceptune::evaluation
