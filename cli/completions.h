// Completion of the program's command lines in shells.
#pragma once

#include <string>

#include "cli/command_list.h"

namespace conceptune::cli {

/// For bash: commands, flags, and the values of those that take one of a few; else names of files.
std::string bash_completion(const ListedCommand& program);
/// For zsh, with what each means.
std::string zsh_completion(const ListedCommand& program);
/// For fish, with what each means.
std::string fish_completion(const ListedCommand& program);

}  // namespace conceptune::cli
