// The flags of every command, as scripts of users rely on them.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

/// Lines of a help text that match, by their first group, in alphabetical order.
std::set<std::string> matches(const std::string& help, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(help.begin(), help.end(), pattern), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::string flags_of_all_commands() {
  const std::string help = run_program({"--help"}).output;
  const auto commands = matches(help.substr(help.find("Subcommands")), std::regex("\n  ([a-z-]+)"));
  std::ostringstream text;
  for (const auto& command : commands) {
    text << command;
    const std::string options = run_program({command, "--help"}).output;
    for (const auto& flag : matches(options, std::regex("[\n, ](--[a-z][a-z-]*)(?=[ ,\n])")))
      text << ' ' << flag;
    text << '\n';
  }
  return text.str();
}

TEST(FrozenFlags, AreThoseOfTheList) {
  EXPECT_EQ(flags_of_all_commands(), read_file(source("tests/cli/frozen_flags.txt"), "reading"))
      << "a new flag goes into the list; a renamed or removed one breaks scripts of users";
}

}  // namespace
}  // namespace conceptune::test
