// Multiple-choice tasks as their authors published them, read into the prompts of EleutherAI's
// lm-evaluation-harness.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"

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

/// Reads a task's published JSON-lines file (or one array of the same objects) into the harness's zero-shot
/// prompts. White space is what Python strips. Throws InputError with the line for a missing field, an answer
/// that is none of the choices, and an empty file.
std::vector<ChoiceQuestion> read_choice_task(ChoiceTask task, const std::filesystem::path& path);

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
