// Multiple-choice tasks by log-likelihood, as EleutherAI's lm-evaluation-harness scores them.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/base/option_fields.h"
#include "conceptune/base/progress.h"
#include "conceptune/evaluation/metric_table.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::evaluation {

enum class ChoiceTask { arc_easy, arc_challenge, openbookqa, hellaswag, piqa, winogrande };

/// One question: the continuations compete for likelihood after their contexts.
struct ChoiceQuestion {
  std::string id;
  std::vector<std::string> contexts;       // one a choice; equal ones but for WinoGrande
  std::vector<std::string> continuations;  // with the blank before them
  std::vector<std::int64_t> characters;    // of each choice's text, by which acc_norm divides
  std::size_t answer = 0;
};

/// The files that a task is read from: the published one, and PIQA's answers beside it, NAME-labels.lst.
std::vector<std::filesystem::path> choice_task_files(ChoiceTask task, const std::filesystem::path& path);

/// Reads a task's published JSON-lines file into the harness's zero-shot prompts. Throws InputError with the
/// line for a missing field, an answer that is none of the choices, and an empty file.
std::vector<ChoiceQuestion> read_choice_task(ChoiceTask task, const std::filesystem::path& path);

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

/// acc: the likeliest choice is the answer; acc_norm: likeliest by character (not for WinoGrande, whose
/// choices end alike). The first of equals wins. Questions are resampled.
std::vector<Measurement> measure_choices(ChoiceTask task, const std::vector<ChoiceQuestion>& questions,
                                         const std::vector<SubjectChoices>& subjects,
                                         const ComparisonOptions& options);

}  // namespace conceptune::evaluation

namespace conceptune {
template <>
inline constexpr std::pair<const char*, evaluation::ChoiceTask> enum_names<evaluation::ChoiceTask>[] = {
    {"arc_easy", evaluation::ChoiceTask::arc_easy},
    {"arc_challenge", evaluation::ChoiceTask::arc_challenge},
    {"openbookqa", evaluation::ChoiceTask::openbookqa},
    {"hellaswag", evaluation::ChoiceTask::hellaswag},
    {"piqa", evaluation::ChoiceTask::piqa},
    {"winogrande", evaluation::ChoiceTask::winogrande}};
}  // namespace conceptune
