// The texts that a subcommand is given: a file of JSON lines, or the lines of standard input.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace conceptune::cli {

/// What to say about such a file in a command's help.
inline constexpr const char* kTextsHelp =
    "JSON lines with key 'text', plain or compressed; without it, lines of standard input";

/// Calls `take` for each text of `file`, or of standard input when `file` is empty. `doing` begins the
/// message of the InputError thrown for a line without text. Throws Interrupted when the user stops the
/// program.
void for_each_text(const std::filesystem::path& file, std::string_view doing, const Terminal& terminal,
                   const std::function<void(const std::string& text)>& take);

}  // namespace conceptune::cli
