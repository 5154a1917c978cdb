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
//   grid.training.seed = [1, 2, 3]     # its own values in the place of the grid's
//   [[corpora]]                        # passages for evaluation alone
//   files = ["owt.jsonl"]
//   [[questions]]                      # see questions.h
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/experiment/questions.h"
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
  /// The name without the values of seeds: arms that share it are repetitions of each other.
  std::string condition = {};
  /// What the values are called in names, by key.
  std::map<std::string, std::string> labels = {};
};

/// Passages for evaluation alone.
struct EvaluationCorpus {
  std::string name;
  corpus::CorpusOptions options;
  std::string where = {};  // the line that says its files

  EvaluationCorpus() {
    options.passages = 1000;
    options.held_out = 0;
  }

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("name", name, "What it is called in tables; the first file's name up to its first dot when empty");
    options.visit_fields([&](const char* field, auto& value, std::string_view description, auto&&... facts) {
      const std::string_view key = field;
      if (key == "held_out" || key == "validation_fraction") return;
      visit(field, value, key == "passages" ? "Passages to sample" : description, facts...);
    });
  }
};

struct Experiment {
  /// The settings that all arms share unless the grid or an arm changes them.
  RunConfig shared;
  std::vector<Arm> arms;
  std::vector<EvaluationCorpus> corpora = {};
  std::vector<AskedQuestion> questions = {};
  /// The whole experiment as TOML that reads back to itself, paths made absolute.
  std::string toml = {};
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
