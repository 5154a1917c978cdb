// conceptune fetch: models and files into the cache folder.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/json.h"
#include "conceptune/fetch/fetch.h"

namespace conceptune::cli {
namespace {

struct FetchCommand {
  std::vector<std::string> sources;
  fetch::FetchOptions options;
  bool json = false;
};

void run_fetch(const FetchCommand& command, Terminal& terminal) {
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
  auto& options = command->options;
  app->add_option("sources", command->sources, "Hub repositories org/name[@revision], URLs or local paths")
      ->required();
  app->add_option("--include", options.include, "Files of a repository: names or patterns with * and ?");
  app->add_option("--sha256", options.sha256, "SHA-256 that the file of a URL must have");
  app->add_option("--cache", options.cache,
                  "Cache folder (default: CONCEPTUNE_CACHE or ~/.cache/conceptune)");
  app->add_option("--parallel", options.parallel, "Files fetched at the same time")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_fetch(*command, terminal); });
}

}  // namespace conceptune::cli
