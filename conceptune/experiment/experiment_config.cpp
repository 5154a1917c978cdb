#include "conceptune/experiment/experiment_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/options/config_field.h"
#include "conceptune/options/config_source.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGrid = "grid.";
constexpr std::string_view kArms = "arms.";
constexpr std::size_t kMostArms = 10'000;

constexpr std::string_view kDocumentationHead = R"(# Configuration

An experiment is one TOML file (`configs/`); `conceptune run CONFIG.toml` runs it and `conceptune check CONFIG.toml`
tells all of its errors at once and what it will cost. This page is made by `conceptune check --keys`.

- Every key has a default. Unknown keys, wrong types and values out of range are errors with file, line and the
  nearest known key.
- `--set section.key=value` comes on top of the file; the value is TOML, or a plain string. `conceptune corpus`,
  `annotate`, `train` and `eval` take `--set` too, with the keys of their own section.
- Relative paths are relative to the file (on the command line, to the working folder).
- A key decides **results**: a product that was made with another value is made anew. Or **cost**: how fast, with how
  much memory or how safely; products stay. Or the **whole experiment**: arms cannot differ in it.
- **`[grid]`** takes a key with a list of values: `training.objective.concept_weight = [0.0, 0.5, 1.0]`. All
  combinations are run, each an arm.
- **`[[arms]]`** takes a `name` and keys: each arm is run at every point of the grid, except along keys that it sets
  itself.
- Arms are compared in one table where they share the base model and the settings of its evaluation; others get a
  table of their own, with the base evaluated as they are.
- `conceptune check --print` prints the configuration with every key resolved; it reads back to itself.

)";

/// One key of the grid with its values, each as if it had been written alone.
using Axis = std::vector<ConfigEntry>;

struct ArmSettings {
  std::string name;
  std::vector<ConfigEntry> entries;

  bool sets(std::string_view key) const {
    return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key == key; });
  }
};

/// Collects problems so that all of them can be told at once.
class Problems {
 public:
  void add(std::string_view where, std::string_view problem) {
    lines_.push_back(fmt::format("{}: {}", where, problem));
  }

  bool any() const { return !lines_.empty(); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

/// Sets one field of `config`, or says why not.
std::optional<std::string> apply(const ConfigEntry& entry, RunConfig& config) {
  return set_field(list_fields(config), entry);
}

/// Why arms may not differ in a setting; nothing where they may.
std::optional<std::string> shared_by_all(const std::string& key) {
  RunConfig scratch;
  const auto fields = list_fields(scratch);
  const ConfigField* field = find_field(fields, key);
  if (field == nullptr || field->decides != Decides::experiment) return std::nullopt;
  return fmt::format("{} is of the whole experiment; arms cannot differ in it", key);
}

std::optional<std::size_t> index_from(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return index;
}

/// Sorts the entries into shared settings, grid and arms, checking each by setting it on a scratch config.
class ExperimentReader {
 public:
  void read(const ConfigEntry& entry) {
    if (entry.key.starts_with(kGrid))
      read_axis(entry);
    else if (entry.key.starts_with(kArms))
      read_arm_setting(entry);
    else
      read_shared(entry);
  }

  ReadExperiment finish(const fs::path& path) {
    for (const auto& [index, arm] : arms_)
      if (arm.name.empty()) problems_.add(path.string(), fmt::format("arm {} has no name", index + 1));
    if (shared_.name.empty()) shared_.name = path.stem().string();
    if (shared_.output.empty()) shared_.output = fs::absolute(path).parent_path() / "runs" / path.stem();
    Experiment experiment{shared_, {}, {}};
    for (const auto& arm : arms_in_order()) add_grid_points(arm, experiment.arms);
    check_names(path, experiment.arms);
    for (const auto& arm : experiment.arms) check_options(path, arm);
    if (!problems_.any()) experiment.toml = to_toml();
    return {std::move(experiment), problems_.take()};
  }

 private:
  void read_shared(const ConfigEntry& entry) {
    report(entry, apply(entry, shared_));
    where_[entry.key] = entry.where;
  }

  void report(const ConfigEntry& entry, const std::optional<std::string>& problem) {
    if (problem) problems_.add(entry.where, *problem);
  }

  void read_axis(const ConfigEntry& entry) {
    const std::string key = entry.key.substr(kGrid.size());
    if (!entry.value.is_array() || entry.value.empty())
      return problems_.add(entry.where, fmt::format("grid.{} is {}, expected a list of values", key,
                                                    to_json_text(entry.value)));
    if (const auto problem = shared_by_all(key)) return problems_.add(entry.where, *problem);
    where_.try_emplace(key, entry.where);
    Axis axis;
    for (const auto& value : entry.value) {
      axis.push_back({key, value, entry.where, entry.folder});
      RunConfig scratch;
      if (const auto problem = apply(axis.back(), scratch)) return problems_.add(entry.where, *problem);
    }
    const auto same_key =
        std::find_if(grid_.begin(), grid_.end(), [&](const Axis& other) { return other[0].key == key; });
    if (same_key == grid_.end())
      grid_.push_back(std::move(axis));
    else
      *same_key = std::move(axis);  // a --set after the file
  }

  void read_arm_setting(const ConfigEntry& entry) {
    const std::string rest = entry.key.substr(kArms.size());
    const auto dot = rest.find('.');
    const auto index = index_from(rest.substr(0, dot));
    if (!index || dot == std::string::npos)
      return problems_.add(entry.where,
                           fmt::format("'{}' is no setting of an arm, expected [[arms]] with a name and "
                                       "settings",
                                       entry.key));
    ArmSettings& arm = arms_[*index];
    ConfigEntry setting{rest.substr(dot + 1), entry.value, entry.where, entry.folder};
    if (setting.key == "name") {
      if (!entry.value.is_string() || entry.value.get<std::string>().empty())
        return problems_.add(entry.where, "the name of an arm is a string that is not empty");
      arm.name = entry.value.get<std::string>();
      return;
    }
    if (const auto problem = shared_by_all(setting.key)) return problems_.add(entry.where, *problem);
    RunConfig scratch;
    report(setting, apply(setting, scratch));
    arm.entries.push_back(std::move(setting));
  }

  std::vector<ArmSettings> arms_in_order() const {
    std::vector<ArmSettings> arms;
    for (const auto& [index, arm] : arms_) arms.push_back(arm);
    if (arms.empty()) arms.emplace_back();
    return arms;
  }

  /// The arm at every combination of the grid's values, the first axis varying slowest.
  void add_grid_points(const ArmSettings& arm, std::vector<Arm>& arms) {
    std::vector<const Axis*> axes;
    std::size_t points = 1;
    for (const auto& axis : grid_) {
      if (arm.sets(axis[0].key)) continue;
      axes.push_back(&axis);
      points *= axis.size();
      if (points > kMostArms)
        return problems_.add(axis[0].where, fmt::format("the grid has more than {} arms", kMostArms));
    }
    for (std::size_t point = 0; point < points; ++point) {
      Arm& made = arms.emplace_back(Arm{arm.name, arm.name, shared_, {}});
      for (const auto& entry : arm.entries) {
        apply(entry, made.config);
        where_.try_emplace(entry.key, entry.where);
      }
      std::size_t remaining = points, offset = point;
      for (const Axis* axis : axes) {
        remaining /= axis->size();
        const ConfigEntry& value = (*axis)[offset / remaining];
        offset %= remaining;
        apply(value, made.config);
        made.varied.emplace_back(value.key, value.value);
        if (axis->size() > 1)
          made.name += (made.name.empty() ? "" : ", ") + setting_label(value.key, value.value);
      }
      if (made.name.empty()) made.name = "trained";
    }
  }

  /// How an arm's options go together: told at the line that set the option, once for all arms.
  void check_options(const fs::path& path, const Arm& arm) {
    for (const auto& [key, problem] : find_option_problems(arm.config)) {
      const auto where = where_.find(key);
      const std::string line = fmt::format("{} {}", key, problem);
      if (told_.insert(line).second)
        problems_.add(where == where_.end() ? path.string() : where->second, line);
    }
  }

  void check_names(const fs::path& path, const std::vector<Arm>& arms) {
    std::set<std::string> seen = {std::string(evaluation::kBase)};  // the name of the model without adapter
    for (const auto& arm : arms)
      if (!seen.insert(arm.name).second)
        problems_.add(
            path.string(),
            fmt::format("the name '{}' is another arm's or the base model's, expected a different one",
                        arm.name));
  }

  /// A value as the field holds it, with the full path where it is one.
  static Json resolved(const ConfigEntry& entry) {
    RunConfig scratch;
    apply(entry, scratch);
    return find_field(list_fields(scratch), entry.key)->value();
  }

  std::string to_toml() {
    std::string toml = fields_to_toml(list_fields(shared_));
    if (!grid_.empty()) toml += "\n[grid]\n";
    for (const auto& axis : grid_) {
      Json values = Json::array();
      for (const auto& entry : axis) values.push_back(resolved(entry));
      toml += fmt::format("{} = {}\n", axis[0].key, to_toml_literal(values));
    }
    for (const auto& [index, arm] : arms_) {
      toml += fmt::format("\n[[arms]]\nname = {}\n", to_toml_literal(arm.name));
      for (const auto& entry : arm.entries)
        toml += fmt::format("{} = {}\n", entry.key, to_toml_literal(resolved(entry)));
    }
    return toml;
  }

  RunConfig shared_;
  std::vector<Axis> grid_;
  std::map<std::size_t, ArmSettings> arms_;
  std::map<std::string, std::string> where_;  // the line that set a key
  std::set<std::string> told_;
  Problems problems_;
};

}  // namespace

ReadExperiment read_experiment(const fs::path& path, std::span<const std::string> settings) {
  ExperimentReader reader;
  for (const auto& entry : read_config_entries(path)) reader.read(entry);
  for (const auto& setting : settings) reader.read(parse_setting(setting));
  return reader.finish(path);
}

void throw_problems(const std::vector<std::string>& problems, std::string_view doing) {
  if (problems.empty()) return;
  if (problems.size() == 1) throw InputError(fmt::format("{}: {}", doing, problems.front()));
  throw InputErrors(fmt::format("{}: {} problems", doing, problems.size()), problems);
}

Experiment load_experiment(const fs::path& path, std::span<const std::string> settings) {
  auto [experiment, problems] = read_experiment(path, settings);
  throw_problems(problems, "reading config");
  return std::move(experiment);
}

std::string document_configuration() {
  RunConfig defaults;
  std::string text(kDocumentationHead);
  text += document_fields(list_fields(defaults));
  text.pop_back();  // the line feed that a terminal adds
  return text;
}

}  // namespace conceptune::experiment
