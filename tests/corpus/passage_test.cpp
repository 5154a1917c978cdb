#include "conceptune/corpus/passage.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

using test::TemporaryFolder;

std::string message_of(const std::filesystem::path& path) {
  try {
    read_passages(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Passage, IsKnownByItsContent) {
  // printf abc | sha256sum
  EXPECT_EQ(passage_id("abc"), "ba7816bf8f01cfea");
  EXPECT_EQ(make_passage("abc"), (Passage{"ba7816bf8f01cfea", "abc"}));
}

TEST(Passage, ReadsWhatItWrote) {
  const TemporaryFolder folder;
  const std::vector<Passage> passages = {make_passage("line\nfeed \"quoted\""),
                                         make_passage("naïve 🙂\u2028")};
  write_passages(folder.path() / "p.jsonl", passages);
  EXPECT_EQ(read_passages(folder.path() / "p.jsonl"), passages);
}

TEST(Passage, ReadsLinesWithoutIds) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_passages(folder.write("p", "{\"text\": \"abc\", \"url\": 1}\n")).front(),
            make_passage("abc"));
}

TEST(Passage, ReadsFilesOfOthers) {
  const TemporaryFolder folder;
  const std::vector<Passage> expected = {make_passage("abc"), make_passage("def")};
  EXPECT_EQ(read_passages(folder.write("a", "\xef\xbb\xbf{\"text\": \"abc\"}\n\n{\"text\": \"def\"}\n\n")),
            expected);
  EXPECT_EQ(read_passages(folder.write("b", "[{\"text\": \"abc\"}, {\"text\": \"def\"}]")), expected);
}

TEST(Passage, SaysHowToGetPassagesOfWhatIsNone) {
  const TemporaryFolder folder;
  const auto text = folder.write("notes.txt", "Once upon a time.\n");
  EXPECT_NE(message_of(text).find("make them by: conceptune corpus " + text.string() + " -o FOLDER"),
            std::string::npos);
  folder.write("corpus.json", "{}");
  EXPECT_NE(message_of(folder.path())
                .find("is a corpus folder, expected one of its files, for example " +
                      (folder.path() / "train.jsonl").string()),
            std::string::npos);
}

TEST(Passage, RefusesBadFiles) {
  const TemporaryFolder folder;
  EXPECT_NE(message_of(folder.write("a", "")).find("no passages"), std::string::npos);
  EXPECT_NE(message_of(folder.write("b", "{\"text\": \"abc\"}\n[]\n")).find("b, line 2: expected an object"),
            std::string::npos);
  EXPECT_NE(
      message_of(folder.write("c", "{\"id\": \"0\", \"text\": \"abc\"}\n")).find("is not that of the text"),
      std::string::npos);
  EXPECT_NE(message_of(folder.write("d", "{\"text\": \"a\xff\"}\n")).find("line 1: malformed JSON"),
            std::string::npos);
  EXPECT_NE(message_of(folder.path() / "absent"), "no error");
}

}  // namespace
}  // namespace conceptune::corpus
