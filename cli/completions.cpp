#include "cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "cli/shell_words.h"

namespace conceptune::cli {
namespace {

/// A word for fish, in whose quotes a backslash quotes too.
std::string fish_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') word += '\\';
    word += c;
  }
  return word + "'";
}

/// Text within a zsh specification, where colons and brackets are signs.
std::string zsh_text(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') shown += '\\';
    shown += c;
  }
  return shown;
}

std::vector<std::string> command_words(const ListedCommand& command) {
  std::vector<std::string> words;
  for (const auto& below : command.commands) words.push_back(below.word());
  return words;
}

/// The name without the program's: "dataset limit".
std::string path_of(const ListedCommand& command) {
  const std::size_t space = command.name.find(' ');
  return space == std::string::npos ? "" : command.name.substr(space + 1);
}

void append_bash_values(const ListedCommand& command, std::string& cases) {
  for (const auto& option : command.options) {
    if (option.choices.empty()) continue;
    for (const auto& flag : option.flags)
      cases += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$current\")); return ;;\n",
                           in_shell_quotes(path_of(command) + " " + flag),
                           in_shell_quotes(fmt::format("{}", fmt::join(option.choices, " "))));
  }
}

std::string zsh_option(const ListedOption& option) {
  std::string value;
  if (!option.value.empty())
    value =
        fmt::format(":{}:{}", zsh_text(option.value),
                    option.choices.empty() ? "_files" : fmt::format("({})", fmt::join(option.choices, " ")));
  if (option.is_argument()) return in_shell_quotes((option.repeated ? "*" : "") + value);
  const std::string rest = in_shell_quotes(fmt::format("[{}]{}", zsh_text(option.meaning), value));
  const std::string others = option.repeated
                                 ? in_shell_quotes("*")
                                 : in_shell_quotes(fmt::format("({})", fmt::join(option.flags, " ")));
  if (option.flags.size() == 1) return fmt::format("{}{}{}", others, option.flags.front(), rest);
  return fmt::format("{}{{{}}}{}", others, fmt::join(option.flags, ","), rest);
}

void append_zsh_function(const ListedCommand& command, std::string& text) {
  text += fmt::format("_{}() {{\n", command.joined_name('_'));
  if (!command.commands.empty()) text += "  local context state line\n";
  text += command.commands.empty() ? "  _arguments" : "  _arguments -C";
  for (const auto& option : command.options) text += " \\\n    " + zsh_option(option);
  if (!command.commands.empty()) text += " \\\n    '1:command:->command' '*::argument:->rest'";
  text += '\n';
  if (!command.commands.empty()) {
    text += "  case $state in\n    command)\n      local -a commands=(\n";
    for (const auto& below : command.commands)
      text += fmt::format("        {}\n", in_shell_quotes(below.word() + ":" + zsh_text(below.meaning)));
    text += "      )\n      _describe command commands ;;\n    rest)\n      case $line[1] in\n";
    for (const auto& below : command.commands)
      text += fmt::format("        {}) _{} ;;\n", below.word(), below.joined_name('_'));
    text += "      esac ;;\n  esac\n";
  }
  text += "}\n";
}

/// When what belongs to a command is offered: it is named, and none of its own.
std::string fish_condition(const ListedCommand& command) {
  const std::string path = path_of(command);
  std::vector<std::string> conditions;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t space = std::min(path.find(' ', at), path.size());
    conditions.push_back("__fish_seen_subcommand_from " + path.substr(at, space - at));
    at = space + 1;
  }
  if (!command.commands.empty())
    conditions.push_back(path.empty() ? "__fish_use_subcommand"
                                      : fmt::format("not __fish_seen_subcommand_from {}",
                                                    fmt::join(command_words(command), " ")));
  return fmt::format("{}", fmt::join(conditions, "; and "));
}

void append_fish_option(const ListedOption& option, const std::string& begin, std::string& text) {
  if (option.is_argument()) return;
  text += begin;
  for (const auto& flag : option.flags)
    text += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
  if (!option.choices.empty())
    text += " -x -a " + fish_word(fmt::format("{}", fmt::join(option.choices, " ")));
  else if (!option.value.empty())
    text += " -r";
  text += fmt::format(" -d {}\n", fish_word(option.meaning));
}

}  // namespace

std::string bash_completion(const ListedCommand& program) {
  std::string paths, values, words;
  for (const ListedCommand* command : with_all_below(program)) {
    const std::string path = path_of(*command);
    if (command != &program) paths += (paths.empty() ? "" : "|") + in_shell_quotes(path);
    append_bash_values(*command, values);
    std::vector<std::string> flags;
    for (const auto& option : command->options)
      flags.insert(flags.end(), option.flags.begin(), option.flags.end());
    words += fmt::format("    {}) flags={} commands={} ;;\n", in_shell_quotes(path),
                         in_shell_quotes(fmt::format("{}", fmt::join(flags, " "))),
                         in_shell_quotes(fmt::format("{}", fmt::join(command_words(*command), " "))));
  }
  return fmt::format(R"(# Completion of conceptune for bash, made from its option lists.
_conceptune() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local path= word flags= commands=
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    word=${{path:+$path }}$word
    case $word in
      {}) path=$word ;;
    esac
  done
  case "$path $previous" in
{}  esac
  case $path in
{}  esac
  if [[ $current == -* ]]; then commands=$flags; fi
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}}
complete -o default -F _conceptune conceptune
)",
                     paths, values, words);
}

std::string zsh_completion(const ListedCommand& program) {
  std::string text = "#compdef conceptune\n# Completion of conceptune for zsh, made from its option lists.\n";
  for (const ListedCommand* command : with_all_below(program)) append_zsh_function(*command, text);
  return text + "_conceptune \"$@\"\n";
}

std::string fish_completion(const ListedCommand& program) {
  std::string text = "# Completion of conceptune for fish, made from its option lists.\n";
  for (const ListedCommand* command : with_all_below(program)) {
    const std::string begin =
        fmt::format("complete -c conceptune -n {}", fish_word(fish_condition(*command)));
    for (const auto& below : command->commands)
      text += fmt::format("{} -f -a {} -d {}\n", begin, below.word(), fish_word(below.meaning));
    for (const auto& option : command->options) append_fish_option(option, begin, text);
  }
  return text;
}

}  // namespace conceptune::cli
