#include "conceptune/base/line_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/memory.h"
#include "conceptune/base/zstd_writer.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::TemporaryFolder;

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  LineReader reader(path, "reading");
  std::vector<std::string> lines;
  for (std::string line; reader.next(line);) lines.push_back(line);
  return lines;
}

TEST(LineReader, KeepsEmptyLinesAndAnUnfinishedLast) {
  const TemporaryFolder folder;
  EXPECT_EQ(lines_of(folder.write("f", "a\n\nb")), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(lines_of(folder.write("g", "a\n")), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(lines_of(folder.write("h", "")).empty());
}

TEST(LineReader, ReadsLinesLongerThanItsBuffer) {
  const TemporaryFolder folder;
  const std::string big(3 << 20, 'x');
  EXPECT_EQ(lines_of(folder.write("f", big + "\ny")), (std::vector<std::string>{big, "y"}));
}

TEST(LineReader, ReadsCompressedLines) {
  const TemporaryFolder folder;
  ZstdWriter writer(folder.path() / "f");
  writer.write(
      "\xef\xbb\xbf"
      "a\nb\n");
  writer.commit();
  EXPECT_EQ(lines_of(folder.path() / "f"), (std::vector<std::string>{"a", "b"}))
      << "without the byte-order mark";
}

TEST(LineReader, RefusesALineAboveTheLimit) {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "a\n" + std::string(10, 'x') + "\n" + std::string(11, 'x') + "\n");
  LineReader reader(path, "reading", 10);
  std::string line;
  EXPECT_TRUE(reader.next(line) && reader.next(line));
  EXPECT_EQ(test::refusal_of([&] { reader.next(line); }),
            "reading: " + path.string() + ", line 3: longer than 10 bytes, the most for a line here");
}

/// A few kilobytes that expand to far more than a line may have take memory for no more than the limit.
TEST(LineReader, ASmallFileDoesNotFillTheMemory) {
  const TemporaryFolder folder;
  ZstdWriter writer(folder.path() / "f");
  const std::string zeros(std::size_t{1} << 20, '\0');
  for (int i = 0; i < 300; ++i) writer.write(zeros);
  writer.commit();
  LineReader reader(folder.path() / "f", "reading", std::size_t{1} << 23);
  const std::int64_t before = resident_memory();
  std::string line;
  EXPECT_THROW(reader.next(line), InputError);
  EXPECT_LT(resident_memory() - before, std::int64_t{1} << 26);
}

TEST(LineReader, CountsLines) {
  const TemporaryFolder folder;
  LineReader reader(folder.write("f", "a\nb\n"), "reading");
  std::string line;
  reader.next(line);
  reader.next(line);
  EXPECT_EQ(reader.where(), (folder.path() / "f").string() + ", line 2");
}

}  // namespace
}  // namespace conceptune
