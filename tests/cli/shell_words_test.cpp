#include "cli/shell_words.h"

#include <gtest/gtest.h>

namespace conceptune::cli {
namespace {

TEST(ShellWords, AreQuotedWhereTheyMustBe) {
  EXPECT_EQ(shell_word("runs/a_1.2-b=3"), "runs/a_1.2-b=3");
  EXPECT_EQ(shell_word("λ 0.5"), "'λ 0.5'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(in_shell_quotes("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace conceptune::cli
