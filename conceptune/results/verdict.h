// What may be concluded from the answers to all questions of an experiment.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/results/answer.h"

namespace conceptune::evaluation {

enum class Verdict { higher, lower, no_difference, undecided };

}  // namespace conceptune::evaluation

template <>
inline constexpr std::pair<const char*, conceptune::evaluation::Verdict>
    conceptune::enum_names<conceptune::evaluation::Verdict>[] = {
        {"higher", conceptune::evaluation::Verdict::higher},
        {"lower", conceptune::evaluation::Verdict::lower},
        {"no difference larger than the margin", conceptune::evaluation::Verdict::no_difference},
        {"undecided", conceptune::evaluation::Verdict::undecided}};

namespace conceptune::evaluation {

struct Judgement {
  std::optional<double> p_holm;  // adjusted over all answers that were judged together
  Verdict verdict = Verdict::undecided;
};

/// No difference larger than the margin: the interval lies within it, both ways. Higher or lower: Holm's p,
/// over these answers and nothing else, is at most 1 - confidence. Undecided otherwise, and without interval.
std::vector<Judgement> judge(std::span<const Answer> answers, double confidence);

/// Why a number may look surer than it is: one seed, two, few items. Empty for no reason.
std::vector<std::string> cautions(const Answer& answer);

}  // namespace conceptune::evaluation
