#include "cli/usage_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "cli/command_list.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::cli {
namespace {

/// ", did you mean 'env'?", or nothing.
std::string suggestion(const std::string& word, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(word, names);
  return nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest);
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// The command that the line is for: the program itself, or the last of the commands named.
const CLI::App& chosen_command(const CLI::App& program) {
  const CLI::App* app = &program;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

/// What no option took: unknown flags, or else the words that are too many.
std::vector<std::string> describe_rest(const CLI::App& program) {
  std::vector<std::string> flags, words;
  const auto known = flag_names(chosen_command(program));
  for (const auto& word : program.remaining(true)) {
    const std::string name = word.substr(0, word.find('='));
    if (word.size() > 1 && word.front() == '-')
      flags.push_back(fmt::format("unknown option '{}'{}", name, suggestion(name, known)));
    else
      words.push_back(fmt::format("unexpected argument '{}'", word));
  }
  // A word may be the value of a flag that is not known.
  return flags.empty() ? words : flags;
}

}  // namespace

std::string unknown_command_message(const CLI::App& program, std::span<const std::string> words) {
  const CLI::App* app = &program;
  for (const auto& word : words) {
    const auto names = command_names(*app);
    if (word.starts_with('-') || names.empty()) break;
    if (std::ranges::find(names, word) == names.end())
      return fmt::format("'{}' is not a command{}; see {} --help", word, suggestion(word, names),
                         full_name(*app));
    app = app->get_subcommand(word);
  }
  return {};
}

std::string usage_message(const CLI::App& program, const CLI::ParseError& error) {
  auto parts = describe_rest(program);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || parts.empty())
    parts.emplace_back(error.what());
  return fmt::format("{}; see {} --help", fmt::join(parts, "; "), full_name(chosen_command(program)));
}

}  // namespace conceptune::cli
