#include "conceptune/experiment/evaluation_group.h"

#include <algorithm>
#include <map>
#include <set>

#include "conceptune/base/file_name.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {
namespace {

/// Everything by which the evaluation of an arm's base model is known, by key: where it differs, arms share
/// no table.
std::map<std::string, Json> evaluation_settings(RunConfig config) {
  std::map<std::string, Json> settings;
  const auto add = [&](const std::string& prefix, const std::vector<ConfigField>& fields) {
    for (const auto& field : fields)
      if (field.decides == Decides::results) settings[prefix + field.key] = field.value();
  };
  add("model.", list_fields(config.model));
  add("evaluation.", list_fields(config.evaluation));
  return settings;
}

/// "model, layer 0": the model with the settings in which groups of it differ.
void label(std::vector<EvaluationGroup>& groups, const std::vector<std::map<std::string, Json>>& settings) {
  const auto path_of = [&](std::size_t i) { return groups[i].arms.front()->config.model.path; };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].model = file_label(path_of(i));
    std::set<std::string> differing;
    for (std::size_t j = 0; j < groups.size(); ++j) {
      if (path_of(j) != path_of(i)) {
        if (file_label(path_of(j)) == file_label(path_of(i))) groups[i].model = path_of(i).string();
        continue;
      }
      for (const auto& [key, value] : settings[j])
        if (settings[i].at(key) != value) differing.insert(key);
    }
    for (const auto& key : differing) groups[i].model += ", " + setting_label(key, settings[i].at(key));
  }
}

}  // namespace

std::vector<EvaluationGroup> group_by_evaluation(const std::vector<Arm>& arms) {
  std::vector<std::map<std::string, Json>> settings;
  std::vector<EvaluationGroup> groups;
  for (const auto& arm : arms) {
    const auto own = evaluation_settings(arm.config);
    const auto known = std::find(settings.begin(), settings.end(), own);
    if (known == settings.end()) {
      settings.push_back(own);
      groups.push_back({{}, {&arm}});
    } else {
      groups[static_cast<std::size_t>(known - settings.begin())].arms.push_back(&arm);
    }
  }
  label(groups, settings);
  return groups;
}

}  // namespace conceptune::experiment
