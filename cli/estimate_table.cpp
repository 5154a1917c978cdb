#include "cli/estimate_table.h"

#include <fmt/format.h>

#include "conceptune/base/quantity.h"

namespace conceptune::cli {
namespace {

/// "4 to 9 min".
std::string range_text(const experiment::Duration& duration) {
  const std::string low = duration_text(duration.low), high = duration_text(duration.high);
  if (low == high) return high;
  const auto unit = [](const std::string& text) { return text.substr(text.find(' ')); };
  return fmt::format("{} to {}", unit(low) == unit(high) ? low.substr(0, low.find(' ')) : low, high);
}

Json to_json(const experiment::Duration& duration) {
  return {{"low", duration.low}, {"high", duration.high}};
}

Json stage_to_json(const experiment::StageEstimate& stage) {
  return {{"stage", stage.stage},   {"subject", stage.subject}, {"passages", stage.passages},
          {"tokens", stage.tokens}, {"steps", stage.steps},     {"seconds", to_json(stage.seconds)}};
}

}  // namespace

std::string table_of(const experiment::ExperimentEstimate& estimate) {
  std::string table = fmt::format("{:<10} {:<24} {:>9} {:>11} {:>8} {:>14}\n", "stage", "for", "passages",
                                  "tokens", "steps", "time");
  for (const auto& stage : estimate.stages)
    table += fmt::format("{:<10} {:<24} {:>9} {:>11} {:>8} {:>14}\n", stage.stage, stage.subject,
                         count_text(stage.passages), count_text(stage.tokens), count_text(stage.steps),
                         range_text(stage.seconds));
  return table + fmt::format(
                     "{} in all, {} of memory, {} on disk; {:.0f} tokens a passage, {:.0f} "
                     "GFLOP/s measured",
                     range_text(estimate.seconds), bytes_text(estimate.peak_memory_bytes),
                     bytes_text(estimate.disk_bytes), estimate.tokens_per_passage, estimate.flop_rate / 1e9);
}

Json to_json(const experiment::ExperimentEstimate& estimate) {
  Json document = {{"seconds", to_json(estimate.seconds)},
                   {"peak_memory_bytes", estimate.peak_memory_bytes},
                   {"disk_bytes", estimate.disk_bytes},
                   {"flop_rate", estimate.flop_rate},
                   {"tokens_per_passage", estimate.tokens_per_passage},
                   {"stages", Json::array()}};
  for (const auto& stage : estimate.stages) document["stages"].push_back(stage_to_json(stage));
  return document;
}

}  // namespace conceptune::cli
