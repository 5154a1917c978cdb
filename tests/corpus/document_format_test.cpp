#include "conceptune/corpus/document_format.h"

#include <gtest/gtest.h>

#include "tests/support/compressed.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

using test::TemporaryFolder;

TEST(FormatByName, LooksBehindTheCompression) {
  for (const char* name :
       {"a.jsonl", "a.json", "a.ndjson", "c4-train.00000.json.gz", "a.jsonl.xz", "a.b.json.zst"})
    EXPECT_EQ(format_by_name(name), DocumentFormat::jsonl) << name;
  for (const char* name : {"a.tar", "a.tgz", "a.tar.bz2", "folder/a.txz"})
    EXPECT_EQ(format_by_name(name), DocumentFormat::archive) << name;
  EXPECT_EQ(format_by_name("a.csv.bz2"), DocumentFormat::csv);
  EXPECT_EQ(format_by_name("a.tsv"), DocumentFormat::tsv);
  for (const char* name : {"a.txt", "a", "a.gz", "a.xz", "a.json.bak", ".json"})
    EXPECT_EQ(format_by_name(name), std::nullopt) << name;
}

TEST(ChooseFormat, ConfessesAGuess) {
  const TemporaryFolder folder;
  const auto choice = [&](std::string_view name, std::string_view content) {
    return choose_format(folder.write(name, content), "text");
  };
  const auto by_name = choice("a.csv", "{\"text\": 1}");
  EXPECT_EQ(by_name.format, DocumentFormat::csv);
  EXPECT_FALSE(by_name.is_guess);
  const auto lines = choice("a.txt", "A line.\n{\"text\": 1}\n");
  EXPECT_EQ(lines.format, DocumentFormat::lines);
  EXPECT_TRUE(lines.is_guess);
  const auto objects = choice("part-00000", "\xef\xbb\xbf\n {\"id\": 1, \"text\": \"a\"}\n");
  EXPECT_EQ(objects.format, DocumentFormat::jsonl);
  EXPECT_TRUE(objects.is_guess);
  EXPECT_EQ(choice("other-key", "{\"body\": \"a\"}\n{\"text\": \"a\"}\n").format, DocumentFormat::lines);
  EXPECT_EQ(choice("packed", test::compressed("{\"text\": \"a\"}\n", "xz")).format, DocumentFormat::jsonl);
  EXPECT_EQ(choice("empty", "").format, DocumentFormat::lines);
}

TEST(ChooseFormat, KnowsATarWhateverItsName) {
  const TemporaryFolder folder;
  std::string tar(1024, '\0');
  tar.replace(257, 5, "ustar");
  const auto choice =
      choose_format(folder.write("urlsf_subset00-1_data.xz", test::compressed(tar, "xz")), "text");
  EXPECT_EQ(choice.format, DocumentFormat::archive);
  EXPECT_FALSE(choice.is_guess);
}

}  // namespace
}  // namespace conceptune::corpus
