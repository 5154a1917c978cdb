// conceptune verify: whether products are still what was written.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/experiment/verification.h"

namespace conceptune::cli {
namespace {

struct VerifyCommand {
  std::vector<std::filesystem::path> folders;
  bool json = false;
};

void print(const std::filesystem::path& folder, const experiment::Verification& found, bool json,
           const Terminal& terminal) {
  if (json)
    return terminal.print(to_json_text({{"folder", folder.string()},
                                        {"kind", name_of(found.kind)},
                                        {"files", found.files},
                                        {"problems", found.problems},
                                        {"further", found.further}}));
  for (const auto& problem : found.problems) terminal.print(fmt::format("{}: {}", folder.string(), problem));
  for (const auto& file : found.further)
    terminal.print(fmt::format("{}: {} is no part of it", folder.string(), file));
  terminal.print(fmt::format(
      "{}: {}, {} files, {}", folder.string(), name_of(found.kind), found.files,
      found.problems.empty() ? "all as written" : fmt::format("{} not as written", found.problems.size())));
}

void run_verify(const VerifyCommand& command, Terminal& terminal) {
  std::size_t problems = 0;
  for (const auto& folder : command.folders) {
    const auto found = experiment::verify(folder, &terminal);
    print(folder, found, command.json, terminal);
    problems += found.problems.size();
  }
  if (problems > 0) throw Error(fmt::format("verifying: {} files are not as written", problems));
}

}  // namespace

void add_verify_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand(
      "verify", "Compare runs, datasets, adapters and checkpoints with what was written");
  auto command = std::make_shared<VerifyCommand>();
  app->add_option("folders", command->folders, "Folders that conceptune made")->required();
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_verify(*command, terminal); });
}

}  // namespace conceptune::cli
