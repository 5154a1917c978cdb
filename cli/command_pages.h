// What people read of the commands: man pages and docs/cli.md.
#pragma once

#include <string>

#include "cli/command_list.h"

namespace conceptune::cli {

/// The man page of one command, as roff with the macros of man(7).
std::string man_page(const ListedCommand& command, const std::string& version);

/// docs/cli.md: every command with its options, in Markdown.
std::string cli_page(const ListedCommand& program);

}  // namespace conceptune::cli
