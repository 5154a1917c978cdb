// Flags that are short for settings of the configuration, and --set for all of them.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/options/config_field.h"

namespace conceptune::cli {

/// Adds --set KEY=VALUE, which may be repeated, for `settings`. `description` says which keys there are.
void add_set_option(CLI::App& app, std::vector<std::string>& settings, const std::string& description);

/// A command's flags for the fields of its option structs. Default, meaning and range of a flag are its
/// field's. Must live until apply() at least, and the structs as long.
class SettingFlags {
 public:
  SettingFlags(CLI::App& app, std::vector<experiment::ConfigField> fields)
      : app_(app), fields_(std::move(fields)) {}
  SettingFlags(const SettingFlags&) = delete;
  SettingFlags& operator=(const SettingFlags&) = delete;

  /// A flag with a value for one field, or with several, one each, for a list. `meaning` stands in for the
  /// field's own description.
  void add(const std::string& flag, const std::string& key, const std::string& meaning = {});
  /// What a flag says of another field, where no flag and no --set names that one.
  struct Implied {
    std::string key, value;
  };
  /// A flag without a value, which sets a field of true or false.
  void add_switch(const std::string& flag, const std::string& key, bool value, const std::string& meaning,
                  const std::optional<Implied>& implied = {});
  /// --set for all fields; `keys` says which there are.
  void add_set(const std::string& keys);

  /// Sets the fields: first by flags, then by --set in its order. Throws InputError that begins with
  /// `doing` for a value that a field does not take and for an unknown key.
  void apply(std::string_view doing) const;
  /// Whether a flag or --set names a field whose key begins so.
  bool names(std::string_view key_prefix) const;

 private:
  struct Given {
    std::string flag;
    const experiment::ConfigField* field;
    std::vector<std::string> values;
  };
  const experiment::ConfigField& field(const std::string& key) const;

  CLI::App& app_;
  std::vector<experiment::ConfigField> fields_;
  std::vector<Given> given_;
  std::vector<std::string> settings_;
};

/// The flags that are short for what an annotation is decided by (concepts::AnnotateOptions).
void add_annotation_flags(SettingFlags& settings);

}  // namespace conceptune::cli
