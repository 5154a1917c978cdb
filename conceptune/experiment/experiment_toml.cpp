// The experiment as it was read, written out so that it reads back to itself.
#include <fmt/format.h>

#include "conceptune/experiment/experiment_reader.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {
namespace {

/// A value as the field holds it, with the full path where it is one.
Json resolved(const ConfigEntry& entry) {
  RunConfig scratch;
  apply(entry, scratch);
  return find_field(list_fields(scratch), entry.key)->value();
}

std::string axes_to_toml(const std::vector<Axis>& axes, std::string_view prefix) {
  std::string toml;
  for (const auto& axis : axes) {
    Json values = Json::array();
    for (const auto& entry : axis.values) values.push_back(resolved(entry));
    toml += fmt::format("{}{} = {}\n", prefix, axis.key, to_toml_literal(values));
  }
  return toml;
}

/// A table with all of its fields.
template <class Settings>
std::string table_to_toml(std::string_view name, Settings settings) {
  std::string toml = fmt::format("\n[[{}]]\n", name);
  for (const auto& field : list_fields(settings))
    toml += fmt::format("{} = {}\n", field.key, to_toml_literal(field.value()));
  return toml;
}

}  // namespace

/// What sets an arm apart from the shared settings: its entries, and where it has a preset, what comes of it.
std::string ExperimentReader::own_settings_to_toml(const ArmSettings& arm, RunConfig& shared) const {
  std::string toml;
  if (arm.preset.empty()) {
    for (const auto& entry : arm.entries)
      toml += fmt::format("{} = {}\n", entry.key, to_toml_literal(resolved(entry)));
    return toml;
  }
  std::vector<ConfigEntry> entries = shared_.entries;
  entries.insert(entries.end(), arm.entries.begin(), arm.entries.end());
  RunConfig own = config_of(arm.preset, entries);
  const auto fields = list_fields(own), others = list_fields(shared);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].decides != Decides::experiment && fields[i].value() != others[i].value())
      toml += fmt::format("{} = {}\n", fields[i].key, to_toml_literal(fields[i].value()));
  return toml;
}

std::string ExperimentReader::to_toml(const Experiment& experiment) const {
  RunConfig shared = experiment.shared;
  std::string toml = fields_to_toml(list_fields(shared));
  if (!grid_.empty()) toml += "\n[grid]\n" + axes_to_toml(grid_, "");
  if (!axis_names_.empty()) toml += "\n[grid_names]\n";
  for (const auto& [key, entry] : axis_names_)
    toml += fmt::format("{} = {}\n", key, to_toml_literal(entry.value));
  for (const auto& [index, arm] : arms_) {
    toml += fmt::format("\n[[arms]]\nname = {}\n", to_toml_literal(arm.name));
    toml += own_settings_to_toml(arm, shared);
    toml += axes_to_toml(arm.axes, "grid.");
  }
  for (const auto& corpus : experiment.corpora) toml += table_to_toml("corpora", corpus);
  for (const auto& question : experiment.questions) toml += table_to_toml("questions", question.settings);
  return toml;
}

}  // namespace conceptune::experiment
