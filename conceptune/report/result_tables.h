// The numbers of an evaluation as tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"
#include "conceptune/results/results.h"

namespace conceptune::report {

/// A value in as many digits as it deserves: 0.2346, 12.35, 154.2; "undefined" for none.
std::string number_text(std::optional<double> value);
/// The same with its sign, "+0.0123" or "−0.0123".
std::string signed_text(double value);
/// "+12.3 %" or "−12.3 %".
std::string percent_text(double percent);
/// "12 %" of 0.123.
std::string share_text(double share);
/// "[0.1234, 0.2345]", or empty.
std::string interval_text(const std::optional<evaluation::Interval>& interval);

/// "simlex999 Spearman ↑ (convention)": a measurement's row in tables; ↑ marks metrics that should be high.
std::string row_label(const evaluation::Measurement& measurement);

/// Whether a metric is one that the paper judges by; the others say the same in other units.
bool is_main_metric(std::string_view metric);

/// The comparison with a subject of that name, or null; of several (passages, tokens resampled) the first.
const evaluation::Comparison* comparison_with(const evaluation::Measurement& measurement,
                                              std::string_view reference);

/// The comparison with the base model, or null.
const evaluation::Comparison* comparison_with_base(const evaluation::Measurement& measurement);

/// A row a measurement, every figure a column of its own.
Table measurement_table(const std::vector<experiment::StoredEvaluation>& evaluations);

/// A row a paired comparison, with p-values; of the main metrics alone when `main_ones`.
Table comparison_table(const std::vector<experiment::StoredEvaluation>& evaluations, bool main_ones);

}  // namespace conceptune::report
