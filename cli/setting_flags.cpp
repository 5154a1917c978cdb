#include "cli/setting_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "conceptune/base/error.h"
#include "conceptune/options/config_source.h"

namespace conceptune::cli {
namespace {

bool is_list(const experiment::ConfigField& field) { return field.value().is_array(); }

/// What --help calls the value.
const char* type_name_of(const experiment::ConfigField& field) {
  const Json value = field.value();
  if (value.is_boolean()) return "BOOL";
  if (value.is_number_integer()) return "INT";
  return value.is_number() ? "FLOAT" : "TEXT";
}

/// "Passes over the training passages (at least 1)": what the type's name does not say already.
std::string description_of(const experiment::ConfigField& field, const std::string& meaning) {
  std::string limits = field.expected;
  for (const char* type : {"a list, each ", "an integer", "a number", "a string", "a path", ", "})
    if (limits.starts_with(type)) limits.erase(0, std::string_view(type).size());
  std::string text = meaning.empty() ? field.description : meaning;
  if (!limits.empty()) text += fmt::format(" ({})", limits);
  if (field.value() == "" && text.find("[default: ") == text.npos) text += " [default: none]";
  return text;
}

std::string default_of(const experiment::ConfigField& field) {
  const Json value = field.value();
  if (value.is_array()) return {};
  return value.is_string() ? value.get<std::string>() : experiment::to_toml_literal(value);
}

/// The shell has quoted the text already, so that it is a string's value as it stands; else it is TOML. Paths
/// stay relative to the working folder: they go into cards, which should not tell of this machine.
bool assign(const experiment::ConfigField& field, const std::vector<std::string>& values) {
  if (is_list(field)) return field.assign(values, {});
  const std::string& text = values.front();
  return field.assign(text, {}) || field.assign(experiment::parse_setting(field.key + "=" + text).value, {});
}

}  // namespace

void add_set_option(CLI::App& app, std::vector<std::string>& settings, const std::string& description) {
  app.add_option("--set", settings, description)->type_name("KEY=VALUE")->allow_extra_args(false);
}

const experiment::ConfigField& SettingFlags::field(const std::string& key) const {
  const auto* found = experiment::find_field(fields_, key);
  if (!found) throw std::logic_error("no field " + key);
  return *found;
}

void SettingFlags::add(const std::string& flag, const std::string& key, const std::string& meaning) {
  const auto& set = field(key);
  const std::string description = description_of(set, meaning);
  const auto take = [this, flag, &set](const std::vector<std::string>& values) {
    given_.push_back({flag, &set, values});
  };
  auto* option = is_list(set) ? app_.add_option_function<std::vector<std::string>>(flag, take, description)
                              : app_.add_option_function<std::string>(
                                    flag, [take](const std::string& value) { take({value}); }, description);
  option->type_name(type_name_of(set))->default_str(default_of(set));
}

void SettingFlags::add_switch(const std::string& flag, const std::string& key, bool value,
                              const std::string& meaning, const std::optional<Implied>& implied) {
  const auto& set = field(key);
  app_.add_flag_callback(
      flag,
      [this, flag, &set, value, implied] {
        given_.push_back({flag, &set, {value ? "true" : "false"}});
        // Before all that is said, so that whatever names the field has the last word.
        if (implied) given_.insert(given_.begin(), {flag, &field(implied->key), {implied->value}});
      },
      meaning);
}

void SettingFlags::add_set(const std::string& keys) {
  add_set_option(app_, settings_, "Any setting, on top of the flags: " + keys);
}

void SettingFlags::apply(std::string_view doing) const {
  for (const auto& [flag, field, values] : given_)
    if (!assign(*field, values))
      throw InputError(doing, fmt::format("{} {}", flag, fmt::join(values, " ")),
                       fmt::format("expected {}", field->expected));
  experiment::apply_settings(settings_, fields_, doing);
}

bool SettingFlags::names(std::string_view key_prefix) const {
  const auto begins = [&](std::string_view key) { return key.starts_with(key_prefix); };
  return std::ranges::any_of(given_, [&](const Given& given) { return begins(given.field->key); }) ||
         std::ranges::any_of(settings_, begins);
}

void add_annotation_flags(SettingFlags& settings) {
  settings.add("--source", "source");
  settings.add("--max-synonyms", "max_synonyms");
  settings.add("--candidates", "candidates.count");
  settings.add_switch("--no-candidates", "wordnet.use_candidates", false,
                      "WordNet's own words, by the source wordnet; no model is run",
                      SettingFlags::Implied{"source", "wordnet"});
  settings.add("--table", "file.table");
  settings.add("--type", "type");
}

}  // namespace conceptune::cli
