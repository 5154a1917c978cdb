// Where configuration values come from: a TOML file and settings of the command line, as flat lists of dotted
// keys that remember where they were written.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::experiment {

/// One value as it was written. Tables of an array of tables are numbered: "arms.0.name".
struct ConfigEntry {
  std::string key;
  Json value;
  /// "quickstart.toml, line 12", for messages.
  std::string where;
  /// What a relative path in the value is relative to: an absolute path.
  std::filesystem::path folder;
};

/// The values of a TOML file in the order of its lines; an empty table gives one entry with an empty object.
/// Relative paths belong to the file's folder. Throws InputError with the line where the file is not TOML.
std::vector<ConfigEntry> read_config_entries(const std::filesystem::path& path);

/// Parses "section.key=value" from the command line. The value is TOML, or a plain string when it is not
/// (so that names and paths need no quotes). Relative paths belong to the working folder. Throws InputError
/// without '='.
ConfigEntry parse_setting(std::string_view setting);

}  // namespace conceptune::experiment
