// The texts that a subcommand is given: those of a file or a corpus folder, or the lines of standard input.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace conceptune::cli {

/// What to say about such a file in a command's help.
inline constexpr const char* kTextsHelp =
    "Plain text, a text a line, or what 'conceptune corpus' reads (JSON lines with key 'text', tables, "
    "tars), or a corpus "
    "folder of it; without it, lines of standard input";

/// Calls `take` for each text of `file`, or of standard input when `file` is empty. Of plain text every line
/// is one, empty ones too; of a corpus folder every passage. `doing` begins the message of the InputError
/// thrown for what holds no text. Throws Interrupted when the user stops the program.
void for_each_text(const std::filesystem::path& file, std::string_view doing, const Terminal& terminal,
                   const std::function<void(const std::string& text)>& take);

}  // namespace conceptune::cli
