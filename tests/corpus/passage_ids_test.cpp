#include "conceptune/corpus/passage_ids.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/corpus/passage.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

TEST(PassageIds, AreReadAsTheyWereWritten) {
  const test::TemporaryFolder folder;
  const PassageIds ids = {passage_id("one"), passage_id("two"), passage_id("")};
  write_passage_ids(folder.path() / "ids.txt", ids);
  EXPECT_EQ(read_passage_ids(folder.path() / "ids.txt"), ids);
  write_passage_ids(folder.path() / "none.txt", {});
  EXPECT_TRUE(read_passage_ids(folder.path() / "none.txt").empty());
}

TEST(PassageIds, RefuseOtherLines) {
  const test::TemporaryFolder folder;
  for (const char* text : {"0123456789abcdef\nx\n", "0123456789abcdef0\n", "0123456789ABCDEF\n", "\n"}) {
    const auto path = folder.write("ids.txt", text);
    EXPECT_THROW(read_passage_ids(path), InputError) << text;
  }
  EXPECT_THROW(read_passage_ids(folder.path() / "absent.txt"), InputError);
}

}  // namespace
}  // namespace conceptune::corpus
