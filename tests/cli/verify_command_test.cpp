#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/base/product.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

using testing::HasSubstr;

class VerifyCommand : public testing::Test {
 protected:
  VerifyCommand() {
    write_file_atomically(folder_.path() / "train.jsonl", "{\"text\": \"one\"}\n");
    write_manifest(folder_.path(), ProductKind::corpus);
  }
  TemporaryFolder folder_;
};

TEST_F(VerifyCommand, SaysThatAllIsAsWritten) {
  const auto result = run_program({"verify", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, folder_.path().string() + ": sample of passages, 1 files, all as written\n");
}

TEST_F(VerifyCommand, NamesTheFileThatIsNotAndFails) {
  write_file_atomically(folder_.path() / "train.jsonl", "{\"text\": \"two\"}\n");
  const auto result = run_program({"verify", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("train.jsonl"));
  EXPECT_THAT(result.output, HasSubstr("1 not as written"));
  EXPECT_THAT(result.errors, HasSubstr("conceptune: verifying: 1 files are not as written\n"));
}

}  // namespace
}  // namespace conceptune::test
