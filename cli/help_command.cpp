// conceptune help: what --help says, of the program or of a command.
#include "cli/command_list.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "cli/usage_errors.h"
#include "conceptune/base/error.h"

namespace conceptune::cli {
namespace {

struct HelpCommand {
  std::vector<std::string> words;
};

void run_help(const HelpCommand& command, const CLI::App& program, const Terminal& terminal) {
  if (const auto message = unknown_command_message(program, command.words); !message.empty())
    throw InputError(message);
  const CLI::App* app = &program;
  for (const auto& word : command.words) {
    // What comes behind a command that has none of its own.
    if (app->get_subcommands({}).empty())
      throw InputError("'" + full_name(*app) + "' has no command " + word);
    app = app->get_subcommand(word);
  }
  terminal.print_lines(help_of(*app));
}

}  // namespace

void add_help_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("help", "What a command does, and its options");
  auto command = std::make_shared<HelpCommand>();
  app->add_option("command", command->words, "Command, e.g. train, or dataset limit [default: the program]");
  app->callback([command, &program, &terminal] { run_help(*command, program, terminal); });
}

}  // namespace conceptune::cli
