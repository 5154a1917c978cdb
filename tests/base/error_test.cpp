#include "conceptune/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace conceptune {
namespace {

TEST(Error, SaysWhatWhereAndWhy) {
  const InputError error("reading model", "m.gguf, byte 4", "version is 9, expected 2 or 3");
  EXPECT_STREQ(error.what(), "reading model: m.gguf, byte 4: version is 9, expected 2 or 3");
}

TEST(Error, GivesTheSystemsReason) {
  EXPECT_STREQ(SystemError("writing", "a.txt", ENOSPC).what(), "writing: a.txt: No space left on device");
}

TEST(Error, MapsToExitCodes) {
  EXPECT_EQ(exit_code_of(InputError("bad")), 2);
  EXPECT_EQ(exit_code_of(SystemError("full")), 1);
  EXPECT_EQ(exit_code_of(std::runtime_error("other")), 1);
}

}  // namespace
}  // namespace conceptune
