#include "conceptune/training/objective/objective.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "conceptune/training/loss/loss_rule.h"
#include "conceptune/training/objective/further_tokens.h"
#include "conceptune/training/objective/logit_rows.h"

namespace conceptune::training {
namespace {

LossWeights weights_of(const ObjectiveOptions& options) { return options.loss.rule().weights(options); }

double divided(double sum, double count) { return count > 0 ? sum / count : 0; }

/// One predicted token: where, what, and the derivative of the loss by its cross-entropy.
struct Row {
  std::int64_t hidden_row;
  std::int32_t next_token;
  double weight;
  double gradient;
  const ConceptTarget* target = nullptr;
};

std::vector<Row> list_rows(const Targets& targets, const Denominators& denominators,
                           const ObjectiveOptions& options) {
  const LossWeights weights = weights_of(options);
  const double scale = divided(weights.next_token, denominators.next_token);
  std::vector<Row> rows;
  rows.reserve(targets.rows.size());
  for (std::size_t i = 0; i < targets.rows.size(); ++i)
    rows.push_back({targets.rows[i], targets.next_tokens[i], 1, scale});
  for (const auto& target : targets.concepts) {
    Row& row = rows[static_cast<std::size_t>(target.row)];
    row.weight = weights.content_token;
    row.gradient = scale * row.weight;
    row.target = &target;
  }
  return rows;
}

/// The pass over the rows of one call.
class Pass {
 public:
  Pass(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD, const Denominators& denominators,
       const std::vector<FurtherToken>& further, const ObjectiveOptions& options, bool with_gradient,
       const model::Matrix& d_head_VD)
      : hidden_ND_(hidden_ND),
        head_VD_(head_VD),
        d_head_VD_(d_head_VD),
        further_(further),
        further_log_p_F_(further_log_probabilities(hidden_ND, head_VD, further)),
        further_weights_F_(further.size()),
        options_(options),
        concept_gradient_(divided(weights_of(options).concept_words, denominators.concept_words)) {
    if (!with_gradient) return;
    result_.d_hidden_ND = model::Matrix(hidden_ND.rows(), hidden_ND.width());
    std::fill_n(result_.d_hidden_ND.values(), result_.d_hidden_ND.size(), 0.0F);
  }

  /// Rows whose gradient is 0 by the weights alone are not projected back.
  bool needs_gradient(const Row& row) const {
    return result_.d_hidden_ND.is_there() &&
           (row.gradient > 0 || (row.target != nullptr && concept_gradient_ > 0));
  }

  void run(std::span<const Row> rows, bool with_gradient) {
    if (rows.empty()) return;
    const auto most = static_cast<std::size_t>(head_VD_.rows_at_once(kChunkElements));
    const std::size_t chunks = (rows.size() + most - 1) / most, chunk = (rows.size() + chunks - 1) / chunks;
    logits_buffer_CV_ = model::Matrix(static_cast<std::int64_t>(chunk), head_VD_.out());
    for (std::size_t begin = 0; begin < rows.size(); begin += chunk)
      run_chunk(rows.subspan(begin, std::min(chunk, rows.size() - begin)), with_gradient);
  }

  ObjectiveResult take() {
    if (result_.d_hidden_ND.is_there())
      add_further_gradients(hidden_ND_, head_VD_, further_, further_weights_F_, result_.d_hidden_ND,
                            d_head_VD_);
    return std::move(result_);
  }

 private:
  void run_chunk(std::span<const Row> rows, bool with_gradient);
  void add_concept(const Row& row, std::int64_t row_in_chunk, std::size_t content_index);
  void add_row(const Row& row, std::size_t row_in_chunk);
  void take_off(std::int64_t position, double weight);
  void project_back(const std::vector<std::int64_t>& row_C, const model::Matrix& hidden_CD,
                    const model::Matrix& logits_CV);

  model::Matrix hidden_ND_;
  const model::FrozenMatrix& head_VD_;
  model::Matrix d_head_VD_;
  const std::vector<FurtherToken>& further_;
  std::vector<double> further_log_p_F_, further_weights_F_;
  ObjectiveOptions options_;
  double concept_gradient_;
  ObjectiveResult result_;

  // Of the chunk at hand; the buffer serves all chunks.
  model::Matrix logits_buffer_CV_;
  LogitQuery query_;
  LogitAnswer answer_;
  std::size_t next_pick_ = 0;
  std::vector<double> scale_C_;
  std::vector<std::int64_t> correction_positions_;
  std::vector<double> corrections_;
};

LogitQuery query_for(std::span<const Row> rows, std::int64_t vocabulary) {
  LogitQuery query;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const auto row_begin = static_cast<std::int64_t>(c) * vocabulary;
    query.positions_P.push_back(row_begin + rows[c].next_token);
    if (rows[c].target) query.content_rows_S.push_back(static_cast<std::int64_t>(c));
  }
  for (const std::int64_t c : query.content_rows_S)
    for (const auto& token : rows[static_cast<std::size_t>(c)].target->tokens)
      query.positions_P.push_back(c * vocabulary + token.id);
  return query;
}

void Pass::run_chunk(std::span<const Row> rows, bool with_gradient) {
  std::vector<std::int64_t> row_C;
  for (const Row& row : rows) row_C.push_back(row.hidden_row);
  const model::Matrix hidden_CD = model::rows_of(hidden_ND_, std::span<const std::int64_t>(row_C));
  const model::Matrix logits_CV = model::rows_of(logits_buffer_CV_, 0, std::ssize(row_C));
  head_VD_.forward_into(hidden_CD, logits_CV);

  query_ = query_for(rows, head_VD_.out());
  answer_ = query_logits(logits_CV, query_);
  next_pick_ = rows.size();
  scale_C_.assign(rows.size(), 0);
  correction_positions_.clear();
  corrections_.clear();
  std::size_t content_index = 0;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    add_row(rows[c], c);
    if (rows[c].target) add_concept(rows[c], static_cast<std::int64_t>(c), content_index++);
  }
  if (with_gradient) project_back(row_C, hidden_CD, logits_CV);
}

void Pass::add_row(const Row& row, std::size_t c) {
  ObjectiveSums& sums = result_.sums;
  const double cross_entropy = answer_.log_normaliser_C[c] - answer_.picked_P[c];
  const bool correct = answer_.picked_P[c] >= answer_.maximum_C[c];
  sums.next_token_loss += row.weight * cross_entropy;
  sums.tokens += 1;
  sums.cross_entropy += cross_entropy;
  sums.correct += correct;
  if (row.target) {
    sums.content_words += 1;
    sums.content_cross_entropy += cross_entropy;
    sums.content_correct += correct;
  }
  scale_C_[c] += row.gradient;
  take_off(query_.positions_P[c], row.gradient);
}

/// Takes the weight off a logit's gradient; its row's part of p goes into the scale.
void Pass::take_off(std::int64_t position, double weight) {
  correction_positions_.push_back(position);
  corrections_.push_back(-weight);
}

/// Whether the set begins with the word itself.
bool begins_with_word(const Row& row) {
  const ConceptToken& first = row.target->tokens.front();
  return first.id == row.next_token && first.further_begin == first.further_end;
}

/// Logarithm of Σ exp(x), exact where the terms themselves underflow.
double log_sum_exp(std::span<const double> values) {
  const double largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

void Pass::add_concept(const Row& row, std::int64_t row_in_chunk, std::size_t content_index) {
  ObjectiveSums& sums = result_.sums;
  const auto c = static_cast<std::size_t>(row_in_chunk);
  const std::size_t first_pick = next_pick_;
  std::vector<double> log_shares, scores;
  for (const auto& token : row.target->tokens) {
    log_shares.push_back(answer_.picked_P[next_pick_++] - answer_.log_normaliser_C[c]);
    for (std::size_t f = token.further_begin; f < token.further_end; ++f)
      log_shares.back() += further_log_p_F_[f];
    scores.push_back(token.score);
  }
  sums.rank += answer_.rank_S[content_index];
  sums.entropy += answer_.entropy_S[content_index];
  const PredictedConcept predicted{answer_.picked_P[c] - answer_.log_normaliser_C[c],
                                   log_shares,
                                   log_sum_exp(log_shares),
                                   scores,
                                   begins_with_word(row),
                                   row.target->draw};
  sums.mass += std::exp(predicted.log_mass);

  const ConceptTerm term = options_.loss.rule().concept_term(predicted, options_);
  sums.concept_loss += term.loss;
  sums.above_target_mass += term.above_target_mass;
  scale_C_[c] += concept_gradient_ * term.weight_sum;
  if (term.word_weight != 0) take_off(query_.positions_P[c], concept_gradient_ * term.word_weight);
  for (std::size_t i = 0; i < term.weights.size(); ++i) {
    const double weight = concept_gradient_ * term.weights[i];
    if (weight == 0) continue;
    take_off(query_.positions_P[first_pick + i], weight);
    const auto& token = row.target->tokens[i];
    std::fill(further_weights_F_.begin() + static_cast<std::ptrdiff_t>(token.further_begin),
              further_weights_F_.begin() + static_cast<std::ptrdiff_t>(token.further_end), weight);
  }
}

void Pass::project_back(const std::vector<std::int64_t>& row_C, const model::Matrix& hidden_CD,
                        const model::Matrix& logits_CV) {
  scale_softmax(logits_CV, answer_.log_normaliser_C, scale_C_);
  add_at_positions(logits_CV, correction_positions_, corrections_);
  if (d_head_VD_.is_there()) add_head_gradient(logits_CV, hidden_CD, d_head_VD_);
  const model::Matrix d_rows_CD = head_VD_.backward(logits_CV);
  for (std::int64_t c = 0; c < d_rows_CD.rows(); ++c)
    std::copy_n(d_rows_CD.row(c), d_rows_CD.width(),
                result_.d_hidden_ND.row(row_C[static_cast<std::size_t>(c)]));
}

}  // namespace

Denominators& Denominators::operator+=(const Denominators& other) {
  next_token += other.next_token;
  concept_words += other.concept_words;
  return *this;
}

ObjectiveSums& ObjectiveSums::operator+=(const ObjectiveSums& other) {
  visit_sums([&](const char*, double ObjectiveSums::*member) { this->*member += other.*member; });
  return *this;
}

Denominators count_terms(std::size_t tokens, std::size_t content_words, const ObjectiveOptions& options) {
  const auto all = static_cast<double>(tokens), words = static_cast<double>(content_words);
  return {all - words + words * weights_of(options).content_count, words};
}

Denominators count_terms(const Targets& targets, const ObjectiveOptions& options) {
  return count_terms(targets.rows.size(), targets.concepts.size(), options);
}

bool has_loss(const Denominators& denominators, const ObjectiveOptions& options) {
  const LossWeights weights = weights_of(options);
  return (weights.next_token > 0 && denominators.next_token > 0) ||
         (weights.concept_words > 0 && denominators.concept_words > 0);
}

double loss_of(const ObjectiveSums& sums, const Denominators& denominators, const ObjectiveOptions& options) {
  const LossWeights weights = weights_of(options);
  return weights.next_token * divided(sums.next_token_loss, denominators.next_token) +
         weights.concept_words * divided(sums.concept_loss, denominators.concept_words);
}

ObjectiveResult evaluate_objective(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD,
                                   const Targets& targets, const Denominators& denominators,
                                   const ObjectiveOptions& options, bool with_gradient,
                                   const model::Matrix& d_head_VD) {
  std::vector<Row> rows = list_rows(targets, denominators, options);
  Pass pass(hidden_ND, head_VD, denominators, targets.further, options, with_gradient, d_head_VD);
  const auto split = std::stable_partition(rows.begin(), rows.end(),
                                           [&](const Row& row) { return pass.needs_gradient(row); });
  pass.run({rows.begin(), split}, true);
  pass.run({split, rows.end()}, false);
  return pass.take();
}

}  // namespace conceptune::training
