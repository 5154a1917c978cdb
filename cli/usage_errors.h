// What the program says to a command line that it cannot take.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace conceptune::cli {

/// What is wrong where a word that should be a command is none, with the nearest one; else empty.
/// `words` are the command line without the program's name.
std::string unknown_command_message(const CLI::App& program, std::span<const std::string> words);

/// One line for a line that the parser refused: flags that the command does not have, each with the nearest
/// one; what the parser found; and whose --help to read.
std::string usage_message(const CLI::App& program, const CLI::ParseError& error);

}  // namespace conceptune::cli
