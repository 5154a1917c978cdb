// The subcommands. Each has one file, NAME_command.cpp, that adds its options and what to run to the program.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "conceptune/base/option_fields.h"

namespace conceptune::cli {

/// Checks that an option names one of the enum's values.
template <class E>
CLI::IsMember one_of() {
  std::vector<std::string> names;
  for (const auto& [name, value] : enum_names<E>) names.emplace_back(name);
  return CLI::IsMember(std::move(names));
}

/// Adds one subcommand; its callback throws conceptune::Error for main() to report.
using AddCommand = void (*)(CLI::App& program, Terminal& terminal);

void add_fetch_command(CLI::App& program, Terminal& terminal);
void add_corpus_command(CLI::App& program, Terminal& terminal);
void add_annotate_command(CLI::App& program, Terminal& terminal);
void add_dataset_command(CLI::App& program, Terminal& terminal);
void add_train_command(CLI::App& program, Terminal& terminal);
void add_eval_command(CLI::App& program, Terminal& terminal);
void add_run_command(CLI::App& program, Terminal& terminal);
void add_report_command(CLI::App& program, Terminal& terminal);
void add_inspect_command(CLI::App& program, Terminal& terminal);
void add_merge_command(CLI::App& program, Terminal& terminal);
void add_check_command(CLI::App& program, Terminal& terminal);
void add_tokenize_command(CLI::App& program, Terminal& terminal);
void add_tag_command(CLI::App& program, Terminal& terminal);
void add_env_command(CLI::App& program, Terminal& terminal);

}  // namespace conceptune::cli
