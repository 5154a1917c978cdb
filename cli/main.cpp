// The program: parses the command line, runs the subcommand, turns exceptions into one line and an exit code.
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "cli/commands.h"
#include "cli/faults.h"
#include "conceptune/base/error.h"
#include "conceptune/base/option_fields.h"

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
    add_run_command,
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

/// What is wrong with the first word when it is no subcommand; empty when it is one or an option.
std::string unknown_command_message(const CLI::App& program, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return {};
  const std::string nearest = nearest_name(argv[1], names);
  return fmt::format("'{}' is not a command{}; see conceptune --help", argv[1],
                     nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest));
}

/// One line for a mistake on the command line, and where help is.
int report_usage_error(const CLI::App& program, const CLI::ParseError& error, const Terminal& terminal) {
  const auto chosen = program.get_subcommands();
  terminal.complain(InputError(fmt::format("{}; see conceptune {}--help", error.what(),
                                           chosen.empty() ? "" : chosen.front()->get_name() + " ")));
  return 2;
}

int run(int argc, char** argv) {
  CLI::App program{"Concept training of language models: from raw text to a report"};
  program.name("conceptune");
  program.set_version_flag("--version", "conceptune " CONCEPTUNE_VERSION);
  program.require_subcommand(1);
  Terminal terminal;
  for (const AddCommand add : kCommands) add(program, terminal);
  try {
    if (const auto message = unknown_command_message(program, argc, argv); !message.empty())
      throw InputError(message);
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Requests for help and the version come as exceptions too.
    return error.get_exit_code() == 0 ? program.exit(error) : report_usage_error(program, error, terminal);
  } catch (const std::exception& error) {
    terminal.complain(error);
    return exit_code_of(error);
  }
  return 0;
}

}  // namespace
}  // namespace conceptune::cli

int main(int argc, char** argv) {
  conceptune::cli::explain_faults();
  return conceptune::cli::run(argc, argv);
}
