#include "cli/estimate_table.h"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

#include "conceptune/base/quantity.h"
#include "conceptune/base/utf8.h"

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

/// One line of the table: a stage, or those of arms that differ in nothing but their seed.
struct Row {
  experiment::StageEstimate each;
  int repetitions = 1;

  bool repeats(const experiment::StageEstimate& stage) const {
    return !stage.condition.empty() && stage.condition == each.condition && stage.stage == each.stage &&
           stage.passages == each.passages && stage.tokens == each.tokens && stage.steps == each.steps;
  }
  std::string subject() const {
    return repetitions == 1 ? each.subject : fmt::format("{}, {} seeds", each.condition, repetitions);
  }
  experiment::Duration seconds() const {
    return {repetitions * each.seconds.low, repetitions * each.seconds.high};
  }
};

std::vector<Row> rows_of(const std::vector<experiment::StageEstimate>& stages) {
  std::vector<Row> rows;
  for (const auto& stage : stages) {
    const auto same = std::ranges::find_if(rows, [&](const Row& row) { return row.repeats(stage); });
    if (same == rows.end())
      rows.push_back({stage});
    else
      ++same->repetitions;
  }
  return rows;
}

}  // namespace

std::string table_of(const experiment::ExperimentEstimate& estimate) {
  const auto rows = rows_of(estimate.stages);
  std::size_t width = 3;
  for (const auto& row : rows) width = std::max(width, count_code_points(row.subject()));
  const auto line = [&](const auto&... cells) {
    return fmt::format("{:<10} {:<{}} {:>9} {:>11} {:>8} {:>16}\n", cells...);
  };
  std::string table = line("stage", "for", width, "passages", "tokens", "steps", "time");
  for (const auto& row : rows)
    table += line(row.each.stage, row.subject(), width, count_text(row.each.passages),
                  count_text(row.repetitions * row.each.tokens), count_text(row.repetitions * row.each.steps),
                  range_text(row.seconds()));
  return table +
         fmt::format(
             "{} in all, {} of memory, {} on disk; {:.0f} tokens a passage; the model's passes reach {:.0f} "
             "GFLOP/s",
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
