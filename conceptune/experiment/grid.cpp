#include "conceptune/experiment/grid.h"

#include <algorithm>

namespace conceptune::experiment {
namespace {

void append(std::string& name, const std::string& part) {
  if (part.empty()) return;
  name += (name.empty() ? "" : ", ") + part;
}

/// The grid's axes that the arm does not set, its own in the place of those of the same key; then the others
/// of its own.
std::vector<const Axis*> axes_of(const ArmSettings& arm, const std::vector<Axis>& grid) {
  std::vector<const Axis*> axes;
  for (const auto& axis : grid) {
    if (arm.sets(axis.key)) continue;
    const auto own = std::ranges::find(arm.axes, axis.key, &Axis::key);
    axes.push_back(own == arm.axes.end() ? &axis : &*own);
  }
  for (const auto& own : arm.axes)
    if (std::ranges::find(grid, own.key, &Axis::key) == grid.end()) axes.push_back(&own);
  return axes;
}

/// The names of an arm and of its condition at one point.
void name_arm(Arm& arm, const std::vector<const Axis*>& axes, const std::vector<std::size_t>& point) {
  arm.name = arm.condition = arm.group;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::string label = axes[i]->label(point[i]);
    arm.labels[axes[i]->key] = label;
    if (axes[i]->values.size() == 1) continue;
    append(arm.name, label);
    if (!axes[i]->key.ends_with(".seed")) append(arm.condition, label);
  }
  if (arm.name.empty()) arm.name = "trained";
  if (arm.condition.empty()) arm.condition = "trained";
}

}  // namespace

std::string Axis::label(std::size_t value) const {
  return names.empty() ? setting_label(key, values[value].value) : names[value];
}

bool ArmSettings::sets(std::string_view key) const {
  return std::ranges::find(entries, key, &ConfigEntry::key) != entries.end();
}

void put_axis(Axis axis, std::vector<Axis>& axes) {
  const auto same_key = std::ranges::find(axes, axis.key, &Axis::key);
  if (same_key == axes.end())
    axes.push_back(std::move(axis));
  else
    *same_key = std::move(axis);
}

std::optional<std::string> apply(const ConfigEntry& entry, RunConfig& config) {
  return set_field(list_fields(config), entry);
}

RunConfig config_of(const std::string& preset, const std::vector<ConfigEntry>& entries) {
  RunConfig config;
  if (!preset.empty()) config.training = training::preset_named(preset).value();
  for (const auto& entry : entries) apply(entry, config);
  return config;
}

std::optional<std::vector<Arm>> arms_along(const ArmSettings& shared, const ArmSettings& arm,
                                           const std::vector<Axis>& grid, std::size_t most) {
  const auto axes = axes_of(arm, grid);
  std::size_t points = 1;
  for (const Axis* axis : axes) {
    points *= axis->values.size();
    if (points > most) return std::nullopt;
  }
  std::vector<ConfigEntry> entries = shared.entries;
  entries.insert(entries.end(), arm.entries.begin(), arm.entries.end());
  const RunConfig config = config_of(arm.preset.empty() ? shared.preset : arm.preset, entries);
  std::vector<Arm> arms;
  for (std::size_t i = 0; i < points; ++i) {
    Arm& made = arms.emplace_back(Arm{.name = {}, .group = arm.name, .config = config, .varied = {}});
    std::vector<std::size_t> point;
    std::size_t remaining = points, offset = i;
    for (const Axis* axis : axes) {
      remaining /= axis->values.size();
      point.push_back(offset / remaining);
      offset %= remaining;
      const ConfigEntry& value = axis->values[point.back()];
      apply(value, made.config);
      made.varied.emplace_back(value.key, value.value);
    }
    name_arm(made, axes, point);
  }
  return arms;
}

}  // namespace conceptune::experiment
