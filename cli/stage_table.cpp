#include "cli/stage_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace conceptune::cli {

std::string table_of(const std::vector<experiment::PlannedStage>& stages) {
  std::string table = fmt::format("{:<10} {:<10} {}\n", "state", "stage", "for");
  for (const auto& stage : stages)
    table += fmt::format("{:<10} {:<10} {}\n", name_of(stage.state), stage.stage, stage.subject);
  const auto done =
      std::ranges::count(stages, experiment::StageState::done, &experiment::PlannedStage::state);
  return table + fmt::format("{} of {} done", done, stages.size());
}

Json to_json(const std::vector<experiment::PlannedStage>& stages) {
  Json list = Json::array();
  for (const auto& stage : stages)
    list.push_back({{"stage", stage.stage},
                    {"subject", stage.subject},
                    {"key", stage.key},
                    {"state", std::string(name_of(stage.state))}});
  return list;
}

}  // namespace conceptune::cli
