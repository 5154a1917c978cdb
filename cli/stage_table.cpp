#include "cli/stage_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/pace.h"

namespace conceptune::cli {

std::string table_of(const std::vector<experiment::PlannedStage>& stages) {
  std::string table = fmt::format("{:<10} {:<10} {}\n", "state", "stage", "for");
  for (const auto& stage : stages) {
    table += fmt::format("{:<10} {:<10} {}", name_of(stage.state), stage.stage, stage.subject);
    if (stage.progress) {
      const auto [state, pace] = pace_text(*stage.progress);
      table += fmt::format(" {}{}", state, pace);
    }
    table += "\n";
  }
  const auto done =
      std::ranges::count(stages, experiment::StageState::done, &experiment::PlannedStage::state);
  return table + fmt::format("{} of {} done", done, stages.size());
}

Json to_json(const std::vector<experiment::PlannedStage>& stages) {
  Json list = Json::array();
  for (const auto& stage : stages) {
    Json record = {{"stage", stage.stage},
                   {"subject", stage.subject},
                   {"key", stage.key},
                   {"state", std::string(name_of(stage.state))}};
    if (const auto& progress = stage.progress)
      record["progress"] = {{"done", progress->done},
                            {"skipped", progress->skipped},
                            {"total", progress->total},
                            {"seconds", progress->seconds},
                            {"unit", progress->unit}};
    list.push_back(std::move(record));
  }
  return list;
}

}  // namespace conceptune::cli
