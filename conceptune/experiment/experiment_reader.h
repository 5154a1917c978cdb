// Sorts the values of a configuration into shared settings, grid, arms, corpora and questions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/grid.h"

namespace conceptune::experiment {

class ExperimentReader {
 public:
  /// Checks an entry by setting it on a scratch configuration, and keeps it.
  void read(const ConfigEntry& entry);

  /// The experiment of the file at `path`, and everything that was wrong.
  ReadExperiment finish(const std::filesystem::path& path);

 private:
  void report(std::string_view where, std::string_view problem);
  void read_shared(const ConfigEntry& entry);
  void read_preset(const ConfigEntry& entry, std::string& preset);
  void read_axis(const ConfigEntry& entry, std::string key, std::vector<Axis>& axes);
  void read_arm_setting(const ConfigEntry& entry);
  void read_question(const ConfigEntry& entry);
  void read_corpus(const ConfigEntry& entry);
  void name_axes();
  void add_arms(Experiment& experiment);
  void check_options(const std::filesystem::path& path, const Arm& arm);
  void check_names(const std::filesystem::path& path, const std::vector<Arm>& arms);
  std::string own_settings_to_toml(const ArmSettings& arm, RunConfig& shared) const;
  std::string to_toml(const Experiment& experiment) const;

  ArmSettings shared_;
  std::vector<Axis> grid_;
  std::map<std::string, ConfigEntry> axis_names_;
  std::map<std::size_t, ArmSettings> arms_;
  std::map<std::size_t, AskedQuestion> questions_;
  std::map<std::size_t, EvaluationCorpus> corpora_;
  std::map<std::string, std::string> where_;  // the line that set a key
  std::set<std::string> told_;
  std::vector<std::string> problems_;
};

}  // namespace conceptune::experiment
