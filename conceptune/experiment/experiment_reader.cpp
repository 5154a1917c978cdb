#include "conceptune/experiment/experiment_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "conceptune/experiment/measured_sets.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGrid = "grid.";
constexpr std::string_view kGridNames = "grid_names.";
constexpr std::string_view kArms = "arms.";
constexpr std::string_view kQuestions = "questions.";
constexpr std::string_view kCorpora = "corpora.";
constexpr std::string_view kPreset = "preset";
constexpr std::size_t kMostArms = 10'000;

/// Why arms may not differ in a setting; nothing where they may.
std::optional<std::string> shared_by_all(const std::string& key) {
  RunConfig scratch;
  const auto fields = list_fields(scratch);
  const ConfigField* field = find_field(fields, key);
  if (field == nullptr || field->decides != Decides::experiment) return std::nullopt;
  return fmt::format("{} is of the whole experiment; arms cannot differ in it", key);
}

/// "arms.0.name" without "arms.": the table's number and the key in it.
struct TableKey {
  std::size_t index;
  std::string key;
};

std::optional<TableKey> table_key(std::string_view rest) {
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + dot, index);
  if (error != std::errc() || end != rest.data() + dot) return std::nullopt;
  return TableKey{index, std::string(rest.substr(dot + 1))};
}

std::string not_a_table(std::string_view key, std::string_view table) {
  return fmt::format("'{}' is no setting of one of {}, expected [[{}]] with settings", key, table, table);
}

/// The labels of an axis' values, where another axis has the same value its name.
std::vector<std::string> labels_from(const Axis& named, const Axis& axis) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    const auto same = std::ranges::find(named.values, axis.values[i].value, &ConfigEntry::value);
    labels.push_back(same == named.values.end()
                         ? axis.label(i)
                         : named.label(static_cast<std::size_t>(same - named.values.begin())));
  }
  return labels;
}

}  // namespace

void ExperimentReader::report(std::string_view where, std::string_view problem) {
  problems_.push_back(fmt::format("{}: {}", where, problem));
}

void ExperimentReader::read(const ConfigEntry& entry) {
  if (entry.key.starts_with(kGrid))
    read_axis(entry, entry.key.substr(kGrid.size()), grid_);
  else if (entry.key.starts_with(kGridNames))
    axis_names_[entry.key.substr(kGridNames.size())] = entry;
  else if (entry.key.starts_with(kArms))
    read_arm_setting(entry);
  else if (entry.key.starts_with(kQuestions))
    read_question(entry);
  else if (entry.key.starts_with(kCorpora))
    read_corpus(entry);
  else if (entry.key == kPreset)
    read_preset(entry, shared_.preset);
  else
    read_shared(entry);
}

void ExperimentReader::read_shared(const ConfigEntry& entry) {
  RunConfig scratch;
  where_[entry.key] = entry.where;
  if (const auto problem = apply(entry, scratch)) return report(entry.where, *problem);
  shared_.entries.push_back(entry);
}

void ExperimentReader::read_preset(const ConfigEntry& entry, std::string& preset) {
  if (!entry.value.is_string() || !training::preset_named(entry.value.get<std::string>()))
    return report(entry.where, fmt::format("preset is {}, expected one of {}", to_json_text(entry.value),
                                           training::preset_names()));
  preset = entry.value.get<std::string>();
}

void ExperimentReader::read_axis(const ConfigEntry& entry, std::string key, std::vector<Axis>& axes) {
  if (!entry.value.is_array() || entry.value.empty())
    return report(entry.where,
                  fmt::format("grid.{} is {}, expected a list of values", key, to_json_text(entry.value)));
  if (const auto problem = shared_by_all(key)) return report(entry.where, *problem);
  where_.try_emplace(key, entry.where);
  Axis axis{key, {}, {}};
  for (const auto& value : entry.value) {
    axis.values.push_back({key, value, entry.where, entry.folder});
    RunConfig scratch;
    if (const auto problem = apply(axis.values.back(), scratch)) return report(entry.where, *problem);
  }
  put_axis(std::move(axis), axes);  // a --set comes after the file
}

void ExperimentReader::read_arm_setting(const ConfigEntry& entry) {
  const auto at = table_key(std::string_view(entry.key).substr(kArms.size()));
  if (!at)
    return report(
        entry.where,
        fmt::format("'{}' is no setting of an arm, expected [[arms]] with a name and settings", entry.key));
  ArmSettings& arm = arms_[at->index];
  ConfigEntry setting{at->key, entry.value, entry.where, entry.folder};
  if (at->key.starts_with(kGrid)) return read_axis(setting, at->key.substr(kGrid.size()), arm.axes);
  if (at->key == kPreset) return read_preset(setting, arm.preset);
  if (at->key == "name") {
    if (!entry.value.is_string() || entry.value.get<std::string>().empty())
      return report(entry.where, "the name of an arm is a string that is not empty");
    arm.name = entry.value.get<std::string>();
    return;
  }
  if (const auto problem = shared_by_all(setting.key)) return report(entry.where, *problem);
  RunConfig scratch;
  if (const auto problem = apply(setting, scratch)) return report(setting.where, *problem);
  where_.try_emplace(setting.key, setting.where);
  arm.entries.push_back(std::move(setting));
}

void ExperimentReader::read_question(const ConfigEntry& entry) {
  const auto at = table_key(std::string_view(entry.key).substr(kQuestions.size()));
  if (!at) return report(entry.where, not_a_table(entry.key, "questions"));
  AskedQuestion& question = questions_[at->index];
  question.where.try_emplace("", entry.where);
  question.where[at->key] = entry.where;
  if (const auto problem = set_field(list_fields(question.settings),
                                     {at->key, entry.value, entry.where, entry.folder, entry.text}))
    report(entry.where, "questions: " + *problem);
}

void ExperimentReader::read_corpus(const ConfigEntry& entry) {
  const auto at = table_key(std::string_view(entry.key).substr(kCorpora.size()));
  if (!at) return report(entry.where, not_a_table(entry.key, "corpora"));
  EvaluationCorpus& corpus = corpora_[at->index];
  if (corpus.where.empty() || at->key == "files") corpus.where = entry.where;
  if (const auto problem =
          set_field(list_fields(corpus), {at->key, entry.value, entry.where, entry.folder, entry.text}))
    report(entry.where, "corpora: " + *problem);
}

/// Gives the values of axes the names that were said for them, those of arms' own axes too.
void ExperimentReader::name_axes() {
  for (const auto& [key, entry] : axis_names_) {
    const auto axis = std::ranges::find(grid_, key, &Axis::key);
    if (axis == grid_.end()) {
      report(entry.where, fmt::format("grid_names.{} names the values of a key that is not in [grid]", key));
      continue;
    }
    std::set<std::string> names;
    if (entry.value.is_array())
      for (const auto& name : entry.value)
        if (name.is_string() && !name.get<std::string>().empty()) names.insert(name.get<std::string>());
    if (names.size() != axis->values.size() || entry.value.size() != axis->values.size()) {
      report(entry.where, fmt::format("grid_names.{} is {}, expected {} different names", key,
                                      to_json_text(entry.value), axis->values.size()));
      continue;
    }
    axis->names = entry.value.get<std::vector<std::string>>();
    for (auto& [index, arm] : arms_)
      for (auto& own : arm.axes)
        if (own.key == key) own.names = labels_from(*axis, own);
  }
}

void ExperimentReader::add_arms(Experiment& experiment) {
  std::vector<ArmSettings> settings;
  for (const auto& [index, arm] : arms_) settings.push_back(arm);
  if (settings.empty()) settings.emplace_back();
  for (const auto& arm : settings) {
    auto made = arms_along(shared_, arm, grid_, kMostArms - std::min(kMostArms, experiment.arms.size()));
    if (!made) {
      const auto& where = grid_.empty() ? arm.axes.front().values[0].where : grid_.front().values[0].where;
      return report(where, fmt::format("the grid has more than {} arms", kMostArms));
    }
    for (auto& one : *made) {
      one.config.name = experiment.shared.name;
      one.config.output = experiment.shared.output;
      experiment.arms.push_back(std::move(one));
    }
  }
}

/// How an arm's options go together: told at the line that set the option, once for all arms.
void ExperimentReader::check_options(const fs::path& path, const Arm& arm) {
  for (const auto& [key, problem] : find_option_problems(arm.config)) {
    const auto where = where_.find(key);
    const std::string line = fmt::format("{} {}", key, problem);
    if (told_.insert(line).second) report(where == where_.end() ? path.string() : where->second, line);
  }
}

void ExperimentReader::check_names(const fs::path& path, const std::vector<Arm>& arms) {
  std::set<std::string> seen = {std::string(evaluation::kBase)};  // the name of the model without adapter
  for (const auto& arm : arms)
    if (!seen.insert(arm.name).second)
      report(path.string(),
             fmt::format("the name '{}' is another arm's or the base model's, expected a different one",
                         arm.name));
}

ReadExperiment ExperimentReader::finish(const fs::path& path) {
  for (const auto& [index, arm] : arms_)
    if (arm.name.empty()) report(path.string(), fmt::format("arm {} has no name", index + 1));
  name_axes();
  Experiment experiment;
  experiment.shared = config_of(shared_.preset, shared_.entries);
  if (experiment.shared.name.empty()) experiment.shared.name = path.stem().string();
  if (experiment.shared.output.empty())
    experiment.shared.output = fs::absolute(path).parent_path() / "runs" / path.stem();
  add_arms(experiment);
  for (const auto& [index, question] : questions_) experiment.questions.push_back(question);
  for (const auto& [index, corpus] : corpora_) experiment.corpora.push_back(corpus);
  check_names(path, experiment.arms);
  for (const auto& arm : experiment.arms) check_options(path, arm);
  for (const auto& corpus : experiment.corpora)
    if (corpus.options.files.empty()) report(corpus.where, "corpora: files is empty, expected at least one");
  if (problems_.empty()) {
    for (const auto& problem : limit_problems(experiment)) {
      const auto where = where_.find("evaluation.limits");
      report(where == where_.end() ? path.string() : where->second, problem);
    }
    for (auto& problem : question_problems(experiment)) problems_.push_back(std::move(problem));
  }
  if (problems_.empty()) experiment.toml = to_toml(experiment);
  return {std::move(experiment), std::move(problems_)};
}

}  // namespace conceptune::experiment
