#include "conceptune/base/input_errors.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

TEST(InputErrors, HaveALineForEachFault) {
  const InputErrors errors("reading config: 2 problems", {"a: x", "b: y"});
  EXPECT_STREQ(errors.what(), "reading config: 2 problems\n  a: x\n  b: y");
  EXPECT_EQ(errors.summary(), "reading config: 2 problems");
  EXPECT_EQ(errors.faults(), (std::vector<std::string>{"a: x", "b: y"}));
  EXPECT_EQ(exit_code_of(errors), 2);
}

}  // namespace
}  // namespace conceptune
