#include "conceptune/base/hash.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

// FIPS 180-2, appendix B.1.
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, AgreesWithTheStandard) { EXPECT_EQ(sha256_hex("abc"), kAbc); }

TEST(Sha256, DoesNotDependOnThePieces) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.hex(), kAbc);
}

TEST(Sha256, HashesAFile) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(sha256_of_file(folder.write("f", "abc")), kAbc);
  EXPECT_THROW(sha256_of_file(folder.path()), InputError);
}

}  // namespace
}  // namespace conceptune
