// From the values of an evaluation's items to the answers of its questions, with all of their uncertainty.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conceptune/results/answer.h"
#include "conceptune/results/metric_table.h"

namespace conceptune::evaluation {

/// Resamples without which Holm's correction over so many tests could not be passed, and so many that one or
/// two of them more or less do not decide: p <= (1 - confidence) / tests with four of them beyond 0.
std::int64_t resamples_for(std::size_t tests, double confidence);

/// Fewer resampled items than this give no interval: it would look surer than it is.
inline constexpr std::int64_t kFewestItems = 20;
/// Fewer than this give one that is called uncertain.
inline constexpr std::int64_t kFewItems = 50;

/// The answers in the order of the contrasts. Every contrast names subjects, metrics and sets of `tables`, or
/// is answered as undefined. Resampling takes options.bootstrap; its references are not looked at.
std::vector<Answer> answer_contrasts(std::span<const MetricTable> tables, std::span<const Contrast> contrasts,
                                     const ComparisonOptions& options);

}  // namespace conceptune::evaluation
