// A whole experiment: inputs checked first, every stage's product made or reused, results put into the store.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/store.h"
#include "conceptune/experiment/work.h"

namespace conceptune::experiment {

/// Everything that would keep the experiment from running, one line a problem: missing and unusable models,
/// corpora, English pipelines, dictionaries and benchmarks. Opens inputs; runs nothing.
std::vector<std::string> find_input_problems(const Experiment& experiment);

/// Throws one InputError that lists what find_input_problems() finds. Warns of options of annotation that no
/// arm's source reads.
void check_inputs(const Experiment& experiment);

/// Reads an experiment and looks at its inputs; throws one InputError with all problems of both, and warns as
/// check_inputs().
Experiment load_sound_experiment(const std::filesystem::path& path,
                                 std::span<const std::string> settings = {});

/// The experiment as it was started, in the run's folder.
inline constexpr const char* kConfigOfRun = "config.toml";

/// Makes the folder and the store of a run where they are absent, and records the facts. Throws InputError
/// for missing inputs.
void begin_run(const Experiment& experiment, const std::map<std::string, std::string>& facts,
               const std::stop_token& stop = {});

struct RunOutcome {
  /// Products that this call made.
  int made = 0;
  /// The problem of each arm, or evaluation, that failed.
  std::map<std::string, std::string> failures = {};
  /// Whether the store holds the results of all that did not fail.
  bool has_results = false;
};

/// Makes what is not there yet of a run that has begun, in the order corpus, annotate, train (each arm),
/// evaluate; then puts the results into the store of shared.output. Other processes, on other machines too,
/// may do the same in the same folder: none makes what another is making, and each waits for what it needs.
/// Throws what failed first when everything did, and Interrupted on a stop. Products finished by then are
/// kept, and the next call goes on from them.
RunOutcome carry_out(const Experiment& experiment, ProgressObserver* observer = nullptr,
                     std::stop_token stop = {}, const RunScope& scope = {});

/// begin_run(), with `facts` (versions of the program and its machine), then carry_out().
RunOutcome run_experiment(const Experiment& experiment, const std::map<std::string, std::string>& facts,
                          ProgressObserver* observer = nullptr, std::stop_token stop = {},
                          const RunScope& scope = {});

}  // namespace conceptune::experiment
