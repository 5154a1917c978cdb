// The flags of every command, as scripts of users rely on them.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

/// Parts of a help text that match, by their first group, in alphabetical order.
std::set<std::string> matches(const std::string& help, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(help.begin(), help.end(), pattern), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

/// A line for a command and for each of its own commands: its words and flags.
void append_flags(const std::vector<std::string>& command, std::ostringstream& text) {
  std::vector<std::string> words = command;
  words.emplace_back("--help");
  const std::string help = run_program(words).output;
  if (!command.empty()) {
    text << fmt::format("{}", fmt::join(command, " "));
    for (const auto& flag : matches(help, std::regex("\n  ((?:-[a-z],)?--[a-z0-9-]+)"))) text << ' ' << flag;
    text << '\n';
  }
  const auto subcommands = help.find("\nSubcommands:");
  if (subcommands == help.npos) return;
  for (const auto& name : matches(help.substr(subcommands), std::regex("\n  ([a-z-]+)"))) {
    words = command;
    words.push_back(name);
    append_flags(words, text);
  }
}

TEST(FrozenFlags, AreThoseOfTheList) {
  std::ostringstream flags;
  append_flags({}, flags);
  EXPECT_EQ(flags.str(), read_file(source("tests/cli/frozen_flags.txt"), "reading"))
      << "a new flag goes into the list; a renamed or removed one breaks scripts of users";
}

}  // namespace
}  // namespace conceptune::test
