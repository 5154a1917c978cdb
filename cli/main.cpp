// The program: parses the command line, runs the subcommand, turns exceptions into one line and an exit code.
#include <exception>

#include "cli/commands.h"
#include "cli/faults.h"
#include "cli/usage_errors.h"
#include "conceptune/base/error.h"
#ifdef CONCEPTUNE_HAS_TORCH
#include "conceptune/guest/install.h"
#endif

namespace conceptune::cli {
namespace {

// In the order of the data's way through the program, which is the order of --help.
constexpr AddCommand kCommands[] = {
    // clang-format off
    add_fetch_command,
    add_corpus_command,
    add_annotate_command,
    add_dataset_command,
    add_train_command,
    add_eval_command,
    add_eval_sources_command,
    add_run_command,
    add_status_command,
    add_report_command,
    add_inspect_command,
    add_verify_command,
    add_merge_command,
    add_check_command,
    add_tokenize_command,
    add_tag_command,
    add_env_command,
    // clang-format on
};

int run(int argc, char** argv) {
  CLI::App program{"Concept training of language models: from raw text to a report"};
  program.name("conceptune");
  program.set_version_flag("--version", "conceptune " CONCEPTUNE_VERSION);
  program.require_subcommand(1);
  Terminal terminal;
#ifdef CONCEPTUNE_HAS_TORCH
  guest::install();
#endif
  for (const AddCommand add : kCommands) add(program, terminal);
  try {
    if (const auto message = unknown_command_message(program, argc, argv); !message.empty())
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
