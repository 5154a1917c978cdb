#include "conceptune/base/ascii_case.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

TEST(AsciiLower, LeavesOtherBytesAlone) { EXPECT_EQ(ascii_lower("@AZ[az \xC3\x84"), "@az[az \xC3\x84"); }

TEST(EqualIgnoringCase, ComparesWholeWords) {
  EXPECT_TRUE(equal_ignoring_case("Dog", "dOG"));
  EXPECT_FALSE(equal_ignoring_case("dog", "dogs"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
}

}  // namespace
}  // namespace conceptune
