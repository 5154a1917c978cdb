#include "conceptune/base/line_reader.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/zstd_writer.h"
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

void write_gzip(const std::filesystem::path& path, std::string_view content, const char* mode) {
  const gzFile file = gzopen(path.c_str(), mode);
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
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

TEST(LineReader, ReadsGzipOfSeveralMembers) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.gz";
  write_gzip(path, "a\nb", "wb");
  write_gzip(path, "c\nd\n", "ab");
  EXPECT_EQ(lines_of(path), (std::vector<std::string>{"a", "bc", "d"}));
}

TEST(LineReader, ReadsZstd) {
  const TemporaryFolder folder;
  ZstdWriter writer(folder.path() / "f");
  writer.write("a\nb\n");
  writer.commit();
  EXPECT_EQ(lines_of(folder.path() / "f"), (std::vector<std::string>{"a", "b"}));
}

TEST(LineReader, ReportsATruncatedStream) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "f.gz";
  std::string content;
  for (int i = 0; i < 1000; ++i) content += std::to_string(i * i) + "\n";
  write_gzip(path, content, "wb");
  const std::string bytes = read_file(path, "reading");
  EXPECT_THROW(lines_of(folder.write("half.gz", bytes.substr(0, bytes.size() / 2))), InputError);

  ZstdWriter writer(folder.path() / "f.zst");
  writer.write(content);
  writer.commit();
  const std::string frame = read_file(folder.path() / "f.zst", "reading");
  EXPECT_THROW(lines_of(folder.write("half.zst", frame.substr(0, frame.size() / 2))), InputError);
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
