// Completion: bash runs what was written; other shells look at it where they are installed.
#include "cli/completions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "conceptune/base/file.h"
#include "tests/cli/listed_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::cli {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  std::string output;
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> part;
  while (std::fgets(part.data(), part.size(), pipe)) output += part.data();
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return output;
}

/// What bash would offer for the last of the words.
std::string offered(const fs::path& script, const std::string& words) {
  return output_of(
      fmt::format(R"(bash -c 'source "{}"; COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); )"
                  R"(_conceptune; echo "${{COMPREPLY[*]}}"')",
                  script.string(), words));
}

TEST(Completions, BashOffersCommandsFlagsAndValues) {
  const test::TemporaryFolder folder;
  const fs::path script = folder.path() / "conceptune";
  write_file_atomically(script, bash_completion(test::listed_program()));
  EXPECT_EQ(offered(script, R"(conceptune "")"), "join take\n");
  EXPECT_EQ(offered(script, "conceptune ta"), "take\n");
  EXPECT_EQ(offered(script, R"(conceptune take "")"), "half\n");
  EXPECT_EQ(offered(script, "conceptune take half --n"), "--name\n");
  EXPECT_EQ(offered(script, "conceptune join a.txt --"), "--help --kind --quiet\n");
  EXPECT_EQ(offered(script, R"(conceptune join --kind "")"), "loose tight\n");
  EXPECT_EQ(offered(script, R"(conceptune join "")"), "\n");  // names of files, which bash itself adds
}

TEST(Completions, BashKnowsTheProgramItself) {
  const fs::path script = fs::path(CONCEPTUNE_REFERENCE_DIR) / "completions" / "conceptune";
  EXPECT_EQ(offered(script, "conceptune tr"), "train\n");
  EXPECT_THAT(offered(script, R"(conceptune train --loss "")"), testing::HasSubstr("paper blended"));
}

TEST(Completions, OtherShellsGetTheirSignsQuoted) {
  const auto program = test::listed_program();
  EXPECT_THAT(
      zsh_completion(program),
      testing::HasSubstr(R"('(-k --kind)'{-k,--kind}'[How '\''close'\'' they are (one of loose, tight; or )"
                         R"(none)]:TEXT:(loose tight)')"));
  EXPECT_THAT(zsh_completion(program),
              testing::HasSubstr(R"('join:Joins one'\''s files\: \[all\] of them')"));
  EXPECT_THAT(
      fish_completion(program),
      testing::HasSubstr("complete -c conceptune -n '__fish_seen_subcommand_from join' -s k -l kind -x -a "
                         "'loose tight' -d 'How \\'close\\' they are"));
  EXPECT_THAT(
      fish_completion(program),
      testing::HasSubstr("-n '__fish_seen_subcommand_from take; and not __fish_seen_subcommand_from half' "
                         "-f -a half -d 'Takes a half'"));
}

}  // namespace
}  // namespace conceptune::cli
