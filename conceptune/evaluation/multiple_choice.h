// Multiple-choice tasks by log-likelihood, as EleutherAI's lm-evaluation-harness scores them.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/evaluation/benchmarks/choice_files.h"
#include "conceptune/results/metric_table.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::evaluation {

/// log p of every choice of a question, in order.
struct ChoiceScores {
  std::string id;
  std::vector<double> log_likelihoods;
};

/// One line of an item file, and back; the second throws nlohmann's exceptions.
Json choice_scores_to_json(const ChoiceScores& scores);
ChoiceScores choice_scores_from_json(const Json& item);

/// Likelihoods of the continuations' tokens. Context and continuation are encoded together, blanks at a
/// context's end moved to the continuation; the tokenizer's own begin token stands in front; from sequences
/// longer than the context the front is cut off. Throws Interrupted on a stop request.
std::vector<ChoiceScores> score_choices(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                        const tokenizer::Tokenizer& tokenizer,
                                        const std::vector<ChoiceQuestion>& questions, int tokens_per_batch,
                                        ProgressObserver* observer, std::stop_token stop);

struct SubjectChoices {
  std::string subject;
  std::vector<ChoiceScores> questions;
};

/// A table over questions. acc: the likeliest choice is the answer; acc_norm: likeliest by character (not for
/// WinoGrande, whose choices end alike). The first of equals wins.
MetricTable choice_table(ChoiceTask task, const std::vector<ChoiceQuestion>& questions,
                         const std::vector<SubjectChoices>& subjects);

}  // namespace conceptune::evaluation
