// conceptune fetch: models and files into the cache folder.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/fetch/fetch.h"

namespace conceptune::cli {
namespace {

struct FetchCommand {
  std::vector<std::string> sources;
  fetch::FetchOptions options;
  bool json = false;
};

void run_fetch(const FetchCommand& command, const SettingFlags& settings, Terminal& terminal) {
  settings.apply("fetching");
  fetch::HttpOptions http;
  http.stop = terminal.stop_token();
  Json paths = Json::object();
  for (const auto& source : command.sources)
    paths[source] = fetch::fetch(source, command.options, http, &terminal).string();
  if (command.json) return terminal.print(to_json_text(paths));
  for (const auto& [source, path] : paths.items()) terminal.print(path.get<std::string>());
}

}  // namespace

void add_fetch_command(CLI::App& program, Terminal& terminal) {
  auto* app =
      program.add_subcommand("fetch", "Fetch models and files into the cache folder; prints their paths");
  auto command = std::make_shared<FetchCommand>();
  app->add_option("sources", command->sources, "Hub repositories org/name[@revision], URLs or local paths")
      ->required();
  auto settings = std::make_shared<SettingFlags>(*app, experiment::list_fields(command->options));
  settings->add("--include", "include");
  settings->add("--sha256", "sha256");
  settings->add("--cache", "cache", "Cache folder [default: $CONCEPTUNE_CACHE, else ~/.cache/conceptune]");
  settings->add("--parallel", "parallel");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_fetch(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
