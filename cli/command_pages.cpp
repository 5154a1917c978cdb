#include "cli/command_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace conceptune::cli {
namespace {

/// Text that roff shows as it stands.
std::string roff(std::string_view text) {
  std::string shown;
  if (text.starts_with('.') || text.starts_with('\'')) shown = "\\&";
  for (const char c : text) {
    if (c == '\\')
      shown += "\\e";
    else if (c == '-')
      shown += "\\-";
    else
      shown += c == '\n' ? ' ' : c;
  }
  return shown;
}

/// Text of a Markdown table's cell.
std::string cell(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '<' || c == '`') shown += '\\';
    shown += c == '\n' ? ' ' : c;
  }
  return shown;
}

/// What stands behind the meaning: whether it must be given, and what holds otherwise.
std::string note(const ListedOption& option) {
  std::vector<std::string> parts;
  if (option.required) parts.emplace_back("required");
  if (option.repeated) parts.emplace_back("may be several");
  if (!option.default_value.empty() && !option.value.empty() && option.default_value != "[]")
    parts.push_back("default: " + option.default_value);
  return parts.empty() ? "" : fmt::format(" [{}]", fmt::join(parts, "; "));
}

std::string synopsis(const ListedCommand& command) {
  std::string text = command.name + " [OPTIONS]";
  for (const auto& option : command.options)
    if (option.is_argument()) {
      const std::string words = option.value + (option.repeated ? "..." : "");
      text += option.required ? " " + words : " [" + words + "]";
    }
  if (!command.commands.empty()) text += " COMMAND";
  return text;
}

void append_man_option(const ListedOption& option, std::string& page) {
  page += ".TP\n";
  std::vector<std::string> names;
  for (const auto& flag : option.flags) names.push_back(fmt::format("\\fB{}\\fR", roff(flag)));
  page += fmt::format("{}", fmt::join(names, ", "));
  if (!option.value.empty())
    page += fmt::format("{}\\fI{}\\fR", option.is_argument() ? "" : " ", roff(option.value));
  page += fmt::format("\n{}\n", roff(option.meaning + note(option)));
}

void append_page_option(const ListedOption& option, std::string& page) {
  std::string name = fmt::format("{}", fmt::join(option.flags, ", "));
  if (!option.value.empty()) name += (option.is_argument() ? "" : " ") + option.value;
  page += fmt::format("| `{}` | {} |\n", name, cell(option.meaning + note(option)));
}

}  // namespace

std::string man_page(const ListedCommand& command, const std::string& version) {
  std::string title = command.joined_name('-');
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string page = fmt::format(
      ".TH {} 1 \"\" \"conceptune {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n",
      roff(title), version, roff(command.joined_name('-')), roff(command.meaning), roff(synopsis(command)));
  if (!command.commands.empty()) page += ".SH COMMANDS\nEach has a page of its own.\n";
  for (const auto& below : command.commands)
    page += fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", roff(below.joined_name('-')), roff(below.meaning));
  page += ".SH OPTIONS\n";
  for (const auto& option : command.options) append_man_option(option, page);
  page +=
      ".SH EXIT STATUS\n0 done, 1 failed, 2 bad usage or input.\n"
      ".SH NOTES\nResults go to standard output, progress and messages to standard error.\n";
  if (const std::size_t above = command.name.rfind(' '); above != std::string::npos) {
    std::string parent = command.name.substr(0, above);
    std::ranges::replace(parent, ' ', '-');
    page += fmt::format(".SH SEE ALSO\n\\fB{}\\fR(1)\n", roff(parent));
  }
  return page;
}

std::string cli_page(const ListedCommand& program) {
  std::string page =
      "# Commands and their options\n\n"
      "Made from the program's own option lists; `cmake --build build --target update_cli_page` makes it "
      "anew. "
      "The same is told by\n`conceptune COMMAND --help`, `conceptune help COMMAND` and, installed, `man "
      "conceptune-COMMAND`.\n";
  for (const ListedCommand* command : with_all_below(program)) {
    page += fmt::format("\n## {}\n{}.\n\n`{}`\n", command->name, command->meaning, synopsis(*command));
    if (command->options.empty()) continue;
    page += "\n| option | meaning |\n|---|---|\n";
    for (const auto& option : command->options) append_page_option(option, page);
  }
  return page;
}

}  // namespace conceptune::cli
