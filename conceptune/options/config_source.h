// Where configuration values come from: a TOML file and settings of the command line, as flat lists of dotted
// keys that remember where they were written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {

/// One value as it was written. Tables of an array of tables are numbered: "arms.0.name".
struct ConfigEntry {
  std::string key;
  Json value;
  /// "quickstart.toml, line 12", for messages.
  std::string where;
  /// What a relative path in the value is relative to: an absolute path.
  std::filesystem::path folder;
  /// On the command line, the value as it was written; empty in a file.
  std::string text = {};
};

/// The values of a TOML file in the order of its lines; an empty table gives one entry with an empty object.
/// Relative paths belong to the file's folder. Throws InputError with the line where the file is not TOML.
std::vector<ConfigEntry> read_config_entries(const std::filesystem::path& path);

/// Parses "section.key=value" from the command line. The value is TOML, or a plain string when it is not
/// (so that names and paths need no quotes). Relative paths belong to the working folder. Throws InputError
/// without '='.
ConfigEntry parse_setting(std::string_view setting);

/// Sets the field that an entry names, or says why it cannot be set: an unknown key, a wrong type or range.
std::optional<std::string> set_field(const std::vector<ConfigField>& fields, const ConfigEntry& entry);

/// Throws one InputError for what find_option_problems() found, if anything.
void throw_option_problems(const std::vector<OptionProblem>& problems, std::string_view doing);

/// Applies settings of the command line in their order. `doing` begins the message of the InputError thrown
/// for the first that parse_setting() or set_field() refuses.
void apply_settings(const std::vector<std::string>& settings, const std::vector<ConfigField>& fields,
                    std::string_view doing);

}  // namespace conceptune::experiment
