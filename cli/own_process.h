// This program started again, as processes beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::cli {

using Words = std::vector<std::string>;

/// This program's file.
std::string own_program();

/// The words of this process's command line without an option and its value.
Words own_command_without(std::string_view option);

/// "NAME=VALUE" of each variable.
Words own_environment();
void set_variable(Words& environment, const std::string& name, const std::string& value);
/// OMP_NUM_THREADS as it is given, else this machine's threads divided among so many processes.
void divide_threads(Words& environment, int processes);

/// Starts this program with these words and variables. Ctrl-C reaches the caller alone; a child ends with
/// SIGTERM when its parent does. What it prints goes to `log`, which is made or added to, where one is given.
/// Throws SystemError, which `doing` begins.
pid_t start_own(Words& command, Words& environment, std::string_view doing,
                const std::filesystem::path& log = {});

/// Of a status that waitpid() gave: "with exit code 2", "by signal 9 (Killed)".
std::string how_ended(int status);

}  // namespace conceptune::cli
