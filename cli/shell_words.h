// Words of a shell's line.
#pragma once

#include <string>
#include <string_view>

namespace conceptune::cli {

/// In single quotes: one word for POSIX shells, whatever it holds.
std::string in_shell_quotes(std::string_view text);

/// A word that the shell reads back as it is, in quotes where it must be.
std::string shell_word(std::string_view text);

}  // namespace conceptune::cli
