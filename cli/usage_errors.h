// What the program says to a command line that it cannot take.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace conceptune::cli {

/// What is wrong where a word that should be a command is none, with the nearest one; else empty.
std::string unknown_command_message(const CLI::App& program, int argc, const char* const* argv);

/// One line for a line that the parser refused: flags that the command does not have, each with the nearest
/// one; what the parser found; and whose --help to read.
std::string usage_message(const CLI::App& program, const CLI::ParseError& error);

}  // namespace conceptune::cli
