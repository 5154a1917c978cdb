// write_reference FOLDER: what is installed and documented of the command line, made from its option lists.
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <stdexcept>

#include "cli/command_pages.h"
#include "cli/completions.h"
#include "cli/program.h"
#include "conceptune/base/file.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

void write_reference(const std::filesystem::path& folder) {
  CLI::App program{kProgramDescription};
  Terminal terminal;
  add_all_commands(program, terminal);
  const ListedCommand listed = list_command(program);
  for (const char* part : {"man", "completions"}) std::filesystem::create_directories(folder / part);
  for (const ListedCommand* command : with_all_below(listed))
    write_file_atomically(folder / "man" / (command->joined_name('-') + ".1"),
                          man_page(*command, CONCEPTUNE_VERSION));
  write_file_atomically(folder / "completions" / "conceptune", bash_completion(listed));
  write_file_atomically(folder / "completions" / "_conceptune", zsh_completion(listed));
  write_file_atomically(folder / "completions" / "conceptune.fish", fish_completion(listed));
  write_file_atomically(folder / "cli.md", cli_page(listed));
}

}  // namespace
}  // namespace conceptune::cli

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::invalid_argument("expected a folder");
    conceptune::cli::write_reference(argv[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "write_reference: {}\n", error.what());
    return 1;
  }
}
