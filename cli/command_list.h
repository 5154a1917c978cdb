// The program's commands and options as plain lists, from which man pages, completions and docs/cli.md are
// made.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace conceptune::cli {

/// "conceptune dataset limit".
std::string full_name(const CLI::App& command);

struct ListedOption {
  std::vector<std::string> flags;  ///< "-m", "--model"; empty for an argument without one
  std::string value;               ///< "TEXT", for an argument its name; empty for a switch
  std::string default_value;       ///< empty for none
  std::string meaning;
  std::vector<std::string> choices;  ///< what the meaning says that it is one of
  bool required = false;
  bool repeated = false;

  bool is_argument() const { return flags.empty(); }
};

struct ListedCommand {
  std::string name;  ///< in full: "conceptune dataset limit"
  std::string meaning;
  std::vector<ListedOption> options;
  std::vector<ListedCommand> commands;

  /// The last word of its name.
  std::string word() const { return name.substr(name.rfind(' ') + 1); }
  /// "conceptune-dataset-limit"
  std::string joined_name(char joint) const;
};

/// A command of the parser with all below it.
ListedCommand list_command(const CLI::App& app);

/// The command and all below it, each before its own.
std::vector<const ListedCommand*> with_all_below(const ListedCommand& command);

}  // namespace conceptune::cli
