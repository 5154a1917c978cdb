#include "conceptune/runtime/jinja/python_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PythonTextTest : public ::testing::Test {
 protected:
  Budget budget_;
};

TEST_F(PythonTextTest, IsStripped) {
  EXPECT_EQ(stripped(budget_, "\u00a0 a \u3000\x1c", Ends::both), "a");
  EXPECT_EQ(stripped(budget_, " a ", Ends::left), "a ");
  EXPECT_EQ(stripped(budget_, "éàéxà", Ends::both, "àé"), "x");
  EXPECT_EQ(stripped(budget_, "Ã", Ends::both, "é"), "Ã");  // shares a byte, not a character
  EXPECT_EQ(stripped(budget_, "aa", Ends::right, "a"), "");
  EXPECT_EQ(stripped(budget_, "a", Ends::both, ""), "a");
}

TEST_F(PythonTextTest, IsSplit) {
  EXPECT_THAT(split(budget_, "a,b,,c", ","), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split(budget_, "a,b,c", ",", 1), ElementsAre("a", "b,c"));
  EXPECT_THAT(split(budget_, "", ","), ElementsAre(""));
  EXPECT_THAT(split_from_right(budget_, "aéaéa", "é", 1), ElementsAre("aéa", "a"));
  EXPECT_THAT(split_from_right(budget_, "aaa", "aa", 1), ElementsAre("a", ""));
  EXPECT_THAT(split_at_spaces(budget_, " a\u2003b \n"), ElementsAre("a", "b"));
  EXPECT_THAT(split_at_spaces(budget_, " a b c ", 1), ElementsAre("a", "b c "));
  EXPECT_THAT(split_at_spaces(budget_, " "), IsEmpty());
  EXPECT_THAT(split_lines(budget_, "a\r\nb\u2028\x0c"), ElementsAre("a", "b", ""));
  EXPECT_THAT(split_lines(budget_, "a\r\nb", true), ElementsAre("a\r\n", "b"));
}

TEST_F(PythonTextTest, IsSearchedAndReplaced) {
  EXPECT_EQ(find_text(budget_, "aéa", "a", 1), 3U);
  EXPECT_EQ(find_text(budget_, "a", "", 1), 1U);
  EXPECT_EQ(find_text(budget_, "", "a"), std::string_view::npos);
  EXPECT_EQ(count_of(budget_, "aaa", "aa"), 1);
  EXPECT_EQ(count_of(budget_, "é日", ""), 3);
  EXPECT_EQ(replaced(budget_, "aXbX", "X", "é", -1), "aébé");
  EXPECT_EQ(replaced(budget_, "aXbX", "X", "é", 1), "aébX");
  EXPECT_EQ(replaced(budget_, "é日", "", "-", -1), "-é-日-");
  EXPECT_EQ(replaced(budget_, "é日", "", "-", 2), "-é-日");
  EXPECT_EQ(length_of(budget_, "é日😀"), 3);
  EXPECT_THAT(character_starts(budget_, "aé日"), ElementsAre(0, 1, 3, 6));
}

TEST_F(PythonTextTest, CountsWhatItReads) {
  const std::string text(kBytesPerStep * 1000, 'a');
  EXPECT_THROW(for (std::size_t i = 0; i <= kMaxSteps / 1000; ++i) find_text(budget_, text, "b"), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
