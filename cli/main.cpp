// The program: parses the command line, runs the subcommand, turns exceptions into one line and an exit code.
#include <exception>
#include <string>
#include <vector>

#include "cli/faults.h"
#include "cli/program.h"
#include "cli/usage_errors.h"
#include "conceptune/base/error.h"
#ifdef CONCEPTUNE_HAS_TORCH
#include "conceptune/guest/install.h"
#endif

namespace conceptune::cli {
namespace {

int run(int argc, char** argv) {
  CLI::App program{kProgramDescription};
  Terminal terminal;
#ifdef CONCEPTUNE_HAS_TORCH
  guest::install();
#endif
  add_all_commands(program, terminal);
  try {
    if (argc == 1) {
      terminal.print_lines(help_of(program));
      return 0;
    }
    if (const auto message =
            unknown_command_message(program, std::vector<std::string>(argv + 1, argv + argc));
        !message.empty())
      throw InputError(message);
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Requests for help and the version come as exceptions too.
    if (error.get_exit_code() == 0) return program.exit(error);
    terminal.complain(InputError(usage_message(program, error)));
    return 2;
  } catch (const std::exception& error) {
    terminal.complain(error);
    return exit_code_of(error);
  }
  return 0;
}

}  // namespace
}  // namespace conceptune::cli

// NOLINTNEXTLINE(bugprone-exception-escape): explain_faults() tells of what escapes
int main(int argc, char** argv) {
  conceptune::cli::explain_faults();
  return conceptune::cli::run(argc, argv);
}
