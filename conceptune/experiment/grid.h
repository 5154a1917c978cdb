// The arms of an experiment: settings of their own, run at every combination of the grid's values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/options/config_source.h"

namespace conceptune::experiment {

/// One key of the grid with its values, each as if it had been written alone.
struct Axis {
  std::string key;
  std::vector<ConfigEntry> values;
  /// What the values are called; by their own text where empty.
  std::vector<std::string> names;

  std::string label(std::size_t value) const;
};

/// What the file and one [[arms]] say.
struct ArmSettings {
  std::string name;
  std::string preset;
  std::vector<ConfigEntry> entries;
  /// Axes in the place of the grid's.
  std::vector<Axis> axes;

  bool sets(std::string_view key) const;
};

/// Takes a grid's axis where none has its key, or in that one's place.
void put_axis(Axis axis, std::vector<Axis>& axes);

/// Sets one field of `config`, or says why not.
std::optional<std::string> apply(const ConfigEntry& entry, RunConfig& config);

/// The settings that entries give in their order, on top of a preset's ("" or "paper": the defaults).
RunConfig config_of(const std::string& preset, const std::vector<ConfigEntry>& entries);

/// An arm at every combination of the values along the grid and its own axes, the first axis varying slowest:
/// `shared` has the settings of all arms. Nothing where there are more than `most`.
std::optional<std::vector<Arm>> arms_along(const ArmSettings& shared, const ArmSettings& arm,
                                           const std::vector<Axis>& grid, std::size_t most);

}  // namespace conceptune::experiment
