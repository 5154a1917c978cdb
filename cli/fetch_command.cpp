// conceptune fetch: models and files into the cache folder.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/base/quantity.h"
#include "conceptune/fetch/fetch.h"
#include "conceptune/fetch/named_sources.h"

namespace conceptune::cli {
namespace {

struct FetchCommand {
  std::vector<std::string> sources;
  fetch::FetchOptions options;
  bool json = false;
};

Json to_json(const fetch::NamedSource& source) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"name", source.name},
          {"path", source.path},
          {"what", source.what},
          {"licence", source.licence},
          {"bytes", source.bytes},
          {"origin", name_of(source.origin)},
          {"address", source.address},
          {"inside", or_null(source.inside)},
          {"archive_sha256", or_null(source.archive_sha256)},
          {"sha256", or_null(source.sha256)}};
}

void list_sources(bool json, const Terminal& terminal) {
  Json all = Json::array();
  for (const auto& source : fetch::named_sources()) {
    if (json)
      all.push_back(to_json(source));
    else
      terminal.print(fmt::format("{:<22} {:>8}  {}; {}", source.name, bytes_text(source.bytes), source.what,
                                 source.licence));
  }
  if (json) return terminal.print(to_json_text(all));
  std::vector<std::string> set;
  for (const auto& source : fetch::sources_named(fetch::kQuickstart)) set.push_back(source.name);
  const std::string last = set.back();
  set.pop_back();
  terminal.print_lines(
      fmt::format("\nAlso '{}', which is {} and {}; any repository of the\n"
                  "hub (org/name, datasets/org/name) and any URL. --json tells where each comes from.",
                  fetch::kQuickstart, fmt::join(set, ", "), last));
}

void run_fetch(const FetchCommand& command, const SettingFlags& settings, Terminal& terminal) {
  settings.apply("fetching");
  if (command.sources.empty()) return list_sources(command.json, terminal);
  fetch::HttpOptions http;
  http.stop = terminal.stop_token();
  const auto fetched = fetch::fetch(command.sources, command.options, http, &terminal);
  Json paths = Json::object();
  for (const auto& [source, path] : fetched) {
    paths[source] = path.string();
    if (!command.json) terminal.print(path.string());
  }
  if (command.json) terminal.print(to_json_text(paths));
}

}  // namespace

void add_fetch_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("fetch",
                                     "Fetch models, corpora and benchmarks; prints their paths, without a "
                                     "source the names there are");
  auto command = std::make_shared<FetchCommand>();
  app->add_option("sources", command->sources,
                  "Names of the list, hub repositories [datasets/]org/name[@revision], URLs or local paths");
  auto settings = std::make_shared<SettingFlags>(*app, experiment::list_fields(command->options));
  settings->add("--into", "into", "Folder that what comes lies in [default: the cache folder]");
  settings->add("--include", "include");
  settings->add("--sha256", "sha256");
  settings->add("--cache", "cache", "Cache folder [default: $CONCEPTUNE_CACHE, else ~/.cache/conceptune]");
  settings->add("--parallel", "parallel");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_fetch(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
