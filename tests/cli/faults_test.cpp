// What would end the program without a word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "conceptune/base/error.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

using ::testing::HasSubstr;

void limit(int resource, rlim_t value) {
  const rlimit limits{value, value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &limits);
}

TEST(Faults, AFileThatOutgrowsItsLimitIsAnError) {
  const TemporaryFolder folder;
  const auto corpus = folder.write("corpus.txt", tiny_text(200));
  const auto output = folder.path() / "passages";
  const auto result = run_program_after([] { limit(RLIMIT_FSIZE, 4096); },
                                        {"corpus", corpus.string(), "-o", output.string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("File too large"));
  EXPECT_FALSE(std::filesystem::exists(output));
}

TEST(Faults, TooLittleMemoryIsSaid) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "large.json") << std::string(200 << 20, ' ');
  const auto result = run_program_after([] { limit(RLIMIT_AS, rlim_t{3} << 29); },
                                        {"inspect", (folder.path() / "large.json").string()});
  // The loader of many libraries may itself fail in so little room; what must not be is an abort without a
  // word.
  EXPECT_NE(result.exit_code, 0);
  EXPECT_LT(result.exit_code, 128);
  EXPECT_NE(result.errors, "");
}

}  // namespace
}  // namespace conceptune::test
