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

namespace conceptune::experiment {

/// Everything that would keep the experiment from running, one line a problem: missing and unusable models,
/// corpora, English pipelines, dictionaries and benchmarks. Opens inputs; runs nothing.
std::vector<std::string> find_input_problems(const Experiment& experiment);

/// Throws one InputError that lists what find_input_problems() finds.
void check_inputs(const Experiment& experiment);

/// Reads an experiment and looks at its inputs; throws one InputError with all problems of both.
Experiment load_sound_experiment(const std::filesystem::path& path,
                                 std::span<const std::string> settings = {});

/// Runs what is not there yet, in the order corpus, annotate, train (each arm), evaluate; then puts the
/// results into the store of shared.output. `facts` (versions of the program and its machine) are recorded.
/// Returns how many products were made. Throws InputError before anything runs for missing inputs and when
/// another process is at work in the folder; Interrupted on a stop. Products finished by then are kept, and
/// the next call goes on from them.
int run_experiment(const Experiment& experiment, const std::map<std::string, std::string>& facts,
                   ProgressObserver* observer = nullptr, std::stop_token stop = {});

}  // namespace conceptune::experiment
