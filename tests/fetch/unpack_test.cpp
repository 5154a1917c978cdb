#include "conceptune/fetch/unpack.h"

#include <gtest/gtest.h>

#include "conceptune/base/child_process.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::fetch {
namespace {

class Unpack : public ::testing::Test {
 protected:
  /// An archive made by Python's own modules.
  std::filesystem::path archive(const std::string& name, const std::string& script) {
    const auto outcome =
        run_child({"python3", "-c", "import io, tarfile, zipfile\n" + script}, folder_.path());
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    return folder_.path() / name;
  }
  std::filesystem::path zip() {
    return archive("a.zip",
                   "with zipfile.ZipFile('a.zip', 'w') as z:\n"
                   "  z.writestr('top/data/one.txt', 'one')\n"
                   "  z.writestr('top/data/deep/two.txt', 'two')\n"
                   "  z.writestr('top/other.txt', 'other')\n");
  }

  test::TemporaryFolder folder_;
  std::filesystem::path out_ = folder_.path() / "new" / "out";
};

TEST_F(Unpack, TakesAFile) {
  unpack(zip(), "top/data/one.txt", out_);
  EXPECT_EQ(read_file(out_, "test"), "one");
}

TEST_F(Unpack, TakesAFolder) {
  unpack(zip(), "top/data/", out_);
  EXPECT_EQ(read_file(out_ / "one.txt", "test"), "one");
  EXPECT_EQ(read_file(out_ / "deep/two.txt", "test"), "two");
  EXPECT_FALSE(std::filesystem::exists(out_ / "other.txt"));
  // find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
  EXPECT_EQ(content_sha256(out_),
            sha256_hex(sha256_hex("two") + "  deep/two.txt\n" + sha256_hex("one") + "  one.txt\n"));
  EXPECT_EQ(content_sha256(out_ / "one.txt"), sha256_hex("one"));
}

TEST_F(Unpack, ReadsCompressedTars) {
  const auto tar = archive("a.tar.gz",
                           "with tarfile.open('a.tar.gz', 'w:gz') as t:\n"
                           "  entry = tarfile.TarInfo('./MEN/pairs')\n"
                           "  entry.size = 3\n"
                           "  t.addfile(entry, io.BytesIO(b'abc'))\n");
  unpack(tar, "MEN/pairs", out_);
  EXPECT_EQ(read_file(out_, "test"), "abc");
}

TEST_F(Unpack, LeavesNothingWhereItFails) {
  EXPECT_THROW(unpack(zip(), "top/none.txt", out_), InputError);
  EXPECT_THROW(unpack(zip(), "none/", out_), InputError);
  EXPECT_THROW(unpack(folder_.write("no.zip", "no archive at all"), "top/", out_), InputError);
  const auto outside = archive("b.zip",
                               "with zipfile.ZipFile('b.zip', 'w') as z:\n"
                               "  z.writestr('top/fine.txt', '')\n"
                               "  z.writestr('top/../../outside.txt', '')\n");
  EXPECT_THROW(unpack(outside, "top/", out_), InputError);
  EXPECT_TRUE(std::filesystem::is_empty(out_.parent_path()));
}

}  // namespace
}  // namespace conceptune::fetch
