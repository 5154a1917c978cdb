// Runs the built program, as a user would, and keeps what it said.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace conceptune::test {

struct ProgramResult {
  int exit_code;  // 128 + signal number when a signal ended it
  std::string output;
  std::string errors;
};

/// Runs `conceptune ARGUMENTS...` with `input` on its standard input and waits for its end.
ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input = {});

/// The same after `prepare` in the new process: limits, variables of the environment.
ProgramResult run_program_after(const std::function<void()>& prepare,
                                const std::vector<std::string>& arguments);

/// The same, and sends `signal` to the program once `condition` holds.
ProgramResult run_program_until(const std::function<bool()>& condition, int signal,
                                const std::vector<std::string>& arguments);

}  // namespace conceptune::test
