// What an experiment consists of, and how far it is: nothing is made.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/stage_progress.h"
#include "conceptune/experiment/store.h"
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
  /// Parts that several processes may make at once.
  int parts = 1;
  /// Where it is made.
  std::filesystem::path folder = {};
  /// Of what is being made, as its maker said last.
  std::optional<StageProgress> progress = {};
};

/// The products of an experiment in the order in which one process would make them, each once, and their
/// state in a run's folder, by its records and claims; files are not looked into. A claim that nobody renews
/// counts as work until another takes over. Inputs must be sound (check_inputs()).
std::vector<PlannedStage> plan_stages(const Experiment& experiment, const std::filesystem::path& run_folder);

/// The same; what is learnt of inputs on the way, their hashes, is left in the store, a working copy of a
/// run's.
std::vector<PlannedStage> plan_stages(const Experiment& experiment, RunStore& store);

/// Begins a run (begin_run()), and says what there is to do; what is learnt of inputs stays in the run's
/// store.
std::vector<PlannedStage> begin_and_plan(const Experiment& experiment,
                                         const std::map<std::string, std::string>& facts,
                                         const std::stop_token& stop = {});

/// Looks again at the state of what was not done when they were planned or looked at.
void update_states(std::vector<PlannedStage>& stages);

}  // namespace conceptune::experiment
