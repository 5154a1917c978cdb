// What an experiment consists of, and how far it is: nothing is made.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::experiment {

/// Waiting: nobody has begun, or whoever began has stopped.
enum class StageState { waiting, being_made, done };

}  // namespace conceptune::experiment

template <>
inline constexpr std::pair<const char*, conceptune::experiment::StageState>
    conceptune::enum_names<conceptune::experiment::StageState>[] = {
        {"waiting", conceptune::experiment::StageState::waiting},
        {"being made", conceptune::experiment::StageState::being_made},
        {"done", conceptune::experiment::StageState::done}};

namespace conceptune::experiment {

struct PlannedStage {
  std::string stage;
  /// The arm, the corpus or the group of arms that it is for.
  std::string subject;
  std::string key;
  StageState state{};
};

/// The products of an experiment in the order in which one process would make them, each once, and their
/// state in a run's folder, by its records and claims; files are not looked into. A claim that nobody renews
/// counts as work until another takes over. Inputs must be sound (check_inputs()).
std::vector<PlannedStage> plan_stages(const Experiment& experiment, const std::filesystem::path& run_folder);

}  // namespace conceptune::experiment
