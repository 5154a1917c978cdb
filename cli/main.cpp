// The program: parses the command line, calls the subcommand, turns exceptions into one line and an exit
// code.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "conceptune/base/error.h"

int main(int argc, char** argv) {
  CLI::App app{"conceptune: concept training of language models"};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "conceptune: %s\n", error.what());
    return conceptune::exit_code_of(error);
  }
  return 0;
}
