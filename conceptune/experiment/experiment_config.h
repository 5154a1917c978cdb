// A whole experiment as one configuration: the settings of every stage, a grid of values to run them at, and
// named arms that differ in some settings.
//
//   output = "../runs/controls"
//   [training]                         # every stage's options, see docs/configuration.md
//   epochs = 2
//   [grid]                             # every key may be a list here; all combinations are run
//   training.objective.concept_weight = [0.0, 0.5, 1.0]
//   [[arms]]                           # run at every point of the grid, except along its own keys
//   name = "words-only"
//   training.objective.loss = "content-ntp"
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/experiment/run_config.h"

namespace conceptune::experiment {

/// One arm: a complete configuration of its own.
struct Arm {
  /// Unique in the experiment: the name given, and the grid's values ("words-only, λ 0.5").
  std::string name;
  /// The name given in [[arms]], or empty.
  std::string group;
  RunConfig config;
  /// The grid's keys with this arm's values.
  std::vector<std::pair<std::string, Json>> varied;
};

struct Experiment {
  /// The settings that all arms share unless the grid or an arm changes them.
  RunConfig shared;
  std::vector<Arm> arms;
  /// The whole experiment as TOML that reads back to itself, paths made absolute.
  std::string toml;
};

struct ReadExperiment {
  /// What could be understood; runs only where there are no problems.
  Experiment experiment;
  /// One line each, with file and line: unknown keys (with the nearest known one), wrong types, values out of
  /// range or that do not go together, malformed grids and arms.
  std::vector<std::string> problems;
};

/// Reads a TOML file with `settings` ("section.key=value") on top. Throws InputError only where the file
/// cannot be read or is no TOML.
ReadExperiment read_experiment(const std::filesystem::path& path, std::span<const std::string> settings = {});

/// Throws one InputError that lists the problems, if there are any.
void throw_problems(const std::vector<std::string>& problems, std::string_view doing);

/// read_experiment() and throw_problems().
Experiment load_experiment(const std::filesystem::path& path, std::span<const std::string> settings = {});

/// docs/configuration.md without its last line feed: every key with its default, what is expected and what it
/// means.
std::string document_configuration();

}  // namespace conceptune::experiment
