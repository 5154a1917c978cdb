// The program: parses the command line, runs the subcommand, turns exceptions into one line and an exit code.
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/error.h"

namespace conceptune::cli {
namespace {

// In the order of the data's way through the program, which is the order of --help.
constexpr AddCommand kCommands[] = {
    add_env_command,
};

int run(int argc, char** argv) {
  CLI::App program{"Concept training of language models: from raw text to a report"};
  program.name("conceptune");
  program.set_version_flag("--version", "conceptune " CONCEPTUNE_VERSION);
  program.require_subcommand(1);
  Terminal terminal;
  for (const AddCommand add : kCommands) add(program, terminal);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "conceptune: {}\n", error.what());
    return exit_code_of(error);
  }
  return 0;
}

}  // namespace
}  // namespace conceptune::cli

int main(int argc, char** argv) { return conceptune::cli::run(argc, argv); }
