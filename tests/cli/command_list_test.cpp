// Commands and options as lists.
#include "cli/command_list.h"

#include <gtest/gtest.h>

#include "tests/cli/listed_program.h"

namespace conceptune::cli {
namespace {

TEST(CommandList, HoldsCommandsWithTheirFullNames) {
  const ListedCommand program = test::listed_program();
  std::vector<std::string> names;
  for (const ListedCommand* command : with_all_below(program)) names.push_back(command->name);
  EXPECT_EQ(names, (std::vector<std::string>{"conceptune", "conceptune join", "conceptune take",
                                             "conceptune take half"}));
  EXPECT_EQ(program.commands[1].commands[0].joined_name('-'), "conceptune-take-half");
  EXPECT_EQ(program.commands[1].commands[0].word(), "half");
}

TEST(CommandList, TellsFlagsArgumentsAndSwitchesApart) {
  const ListedCommand join = test::listed_program().commands.front();
  ASSERT_EQ(join.options.size(), 4U);  // --help is the first
  const auto& [help, files, kind, quiet] =
      std::tie(join.options[0], join.options[1], join.options[2], join.options[3]);
  EXPECT_EQ(help.flags, (std::vector<std::string>{"-h", "--help"}));
  EXPECT_EQ(help.value, "");
  EXPECT_TRUE(files.is_argument() && files.required && files.repeated);
  EXPECT_EQ(files.value, "files");
  EXPECT_EQ(kind.flags, (std::vector<std::string>{"-k", "--kind"}));
  EXPECT_EQ(kind.default_value, "loose");
  EXPECT_EQ(kind.choices, (std::vector<std::string>{"loose", "tight"}));
  EXPECT_FALSE(kind.repeated || kind.required);
  EXPECT_EQ(quiet.value, "");
  EXPECT_TRUE(quiet.choices.empty());
}

}  // namespace
}  // namespace conceptune::cli
