// The whole command line: the program with every command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"

namespace conceptune::cli {

inline constexpr const char* kProgramDescription =
    "Concept training of language models: from raw text to a report";

/// Gives the program its name, its version and its commands, which use `terminal` when they are run.
void add_all_commands(CLI::App& program, Terminal& terminal);

/// What --help of a command says, whichever command is being run, without its last line feed.
std::string help_of(const CLI::App& command);

}  // namespace conceptune::cli
