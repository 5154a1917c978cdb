// The answers to an experiment's questions, as tables and in words.
#pragma once

#include <string>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"
#include "conceptune/results/verdict.h"

namespace conceptune::report {

/// An answer with what may be concluded from it.
struct JudgedAnswer {
  std::string model;  // the label of the base model
  evaluation::Answer answer;
  evaluation::Judgement judgement;
};

/// The answers of all evaluations, judged together: Holm's correction is over these and nothing else.
std::vector<JudgedAnswer> judged_answers(const experiment::Results& results);

/// Better or worse where the verdict is higher or lower; neutral otherwise.
Tone tone_of(const JudgedAnswer& judged);

/// "simlex999 Spearman ↑", "mean of men, simlex999: Spearman ↑ (paper)".
std::string measured_text(const evaluation::Contrast& contrast);

/// A row an answer, for readers: difference with its interval, verdict, number of seeds and items, cautions.
/// No rows without answers.
Table answer_table(const std::vector<JudgedAnswer>& answers);

/// The same for machines: every number a column of its own.
Table answer_numbers(const std::vector<JudgedAnswer>& answers);

/// "higher", "no difference larger than 0.01".
std::string verdict_text(const JudgedAnswer& judged);

/// "concepts, λ 0.5 minus content-only, λ 0.5; 5 seeds".
std::string sides_and_seeds(const JudgedAnswer& judged);

/// "simlex999 Spearman ↑ (in-text) −0.0123 [−0.0150, −0.0100], 999 pairs"; in place of a number why there is
/// none.
std::string difference_text(const JudgedAnswer& judged);

}  // namespace conceptune::report
