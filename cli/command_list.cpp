#include "cli/command_list.h"

#include <algorithm>

namespace conceptune::cli {
namespace {

/// Of "... (one of paper, authors; or none)": "paper", "authors".
std::vector<std::string> choices_in(const std::string& meaning) {
  constexpr std::string_view kOpening = "(one of ";
  const std::size_t begin = meaning.find(kOpening);
  if (begin == meaning.npos) return {};
  const std::size_t first = begin + kOpening.size();
  const std::string list = meaning.substr(first, meaning.find_first_of(";)", first) - first);
  std::vector<std::string> choices;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(", ", at), list.size());
    choices.push_back(list.substr(at, comma - at));
    at = comma + 2;
  }
  return choices;
}

ListedOption list_option(const CLI::Option& option) {
  ListedOption listed;
  for (const auto& name : option.get_snames()) listed.flags.push_back("-" + name);
  for (const auto& name : option.get_lnames()) listed.flags.push_back("--" + name);
  listed.value = option.get_items_expected_max() == 0 ? "" : option.get_type_name();
  if (listed.is_argument()) listed.value = option.get_name(true);
  listed.default_value = option.get_default_str();
  listed.meaning = option.get_description();
  listed.choices = choices_in(listed.meaning);
  listed.required = option.get_required();
  listed.repeated = option.get_items_expected_max() > 1;
  return listed;
}

}  // namespace

std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

std::string ListedCommand::joined_name(char joint) const {
  std::string joined = name;
  std::ranges::replace(joined, ' ', joint);
  return joined;
}

ListedCommand list_command(const CLI::App& app) {
  ListedCommand command{full_name(app), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) command.options.push_back(list_option(*option));
  for (const CLI::App* below : app.get_subcommands({})) command.commands.push_back(list_command(*below));
  return command;
}

std::vector<const ListedCommand*> with_all_below(const ListedCommand& command) {
  std::vector<const ListedCommand*> all = {&command};
  for (const auto& below : command.commands) {
    const auto further = with_all_below(below);
    all.insert(all.end(), further.begin(), further.end());
  }
  return all;
}

}  // namespace conceptune::cli
