// Runs the built program on a terminal, as a person would.
#pragma once

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/inputs.h"

namespace conceptune::test {

/// What the program writes when its streams are a terminal of so many columns and rows.
inline std::string on_a_terminal(const std::vector<std::string>& arguments, unsigned short columns = 200,
                                 unsigned short rows = 25) {
  int terminal = -1;
  struct winsize shape {
    .ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0
  };
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &shape);
  if (child == 0) {
    const std::string name = program().string();
    std::vector<char*> argv = {const_cast<char*>(name.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::unsetenv("NO_COLOR");
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  std::string written;
  char block[4096];
  for (ssize_t size = 0; (size = ::read(terminal, block, sizeof block)) > 0;)
    written.append(block, static_cast<std::size_t>(size));
  ::close(terminal);
  ::waitpid(child, nullptr, 0);
  return written;
}

}  // namespace conceptune::test
