#include "conceptune/corpus/documents.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::vector<std::string> documents_of(const fs::path& path, DocumentFormat format = DocumentFormat::automatic,
                                      std::string_view key = "text") {
  const auto reader = open_documents(path, format, key);
  std::vector<std::string> documents;
  for (std::string text; reader->next(text);) documents.push_back(text);
  return documents;
}

std::string message_of(const fs::path& path, std::string_view key = "text") {
  try {
    documents_of(path, DocumentFormat::automatic, key);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Documents, ReadsALineEach) {
  const TemporaryFolder folder;
  EXPECT_EQ(documents_of(folder.write("a.txt", "one\r\n\ntwo")),
            (std::vector<std::string>{"one", "", "two"}));
}

TEST(Documents, ReadsJsonLinesByKey) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.jsonl", R"({"url": "u", "body": "caf\u00e9\n\ud83d\ude42"})"
                                            "\n\n"
                                            R"({"body": "", "more": {"body": 1}})"
                                            "\n");
  EXPECT_EQ(documents_of(path, DocumentFormat::automatic, "body"),
            (std::vector<std::string>{"café\n🙂", ""}));
}

TEST(Documents, ReadsCompressedShards) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c4-train.00000.json.gz";
  const std::string content = "{\"text\": \"one\"}\n";
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  EXPECT_EQ(documents_of(path), std::vector<std::string>{"one"});
}

TEST(Documents, NamesTheLineAtFault) {
  const TemporaryFolder folder;
  const std::string good = "{\"text\": \"a\"}\n";
  EXPECT_NE(message_of(folder.write("a.txt", "fine\nb\xc3(")).find("a.txt, line 2: invalid UTF-8 at byte 1"),
            std::string::npos);
  EXPECT_NE(
      message_of(folder.write("b.jsonl", good + "{\"text\": \"\xff\"}\n")).find("line 2: invalid UTF-8"),
      std::string::npos);
  EXPECT_NE(
      message_of(folder.write("c.jsonl", good + good + "{\"txt\": \"a\"}\n")).find("line 3: no key \"text\""),
      std::string::npos);
  EXPECT_NE(message_of(folder.write("d.jsonl", "{\"text\": 3}")).find("line 1: expected a JSON object"),
            std::string::npos);
  EXPECT_NE(message_of(folder.write("e.jsonl", "{\"text\": \"a")).find("line 1"), std::string::npos);
  EXPECT_NE(message_of(folder.write("f.jsonl", "{\"text\": \"\\ud800\"}")).find("line 1"), std::string::npos);
}

TEST(Documents, RefusesEveryTruncationOfALine) {
  const TemporaryFolder folder;
  const std::string line = R"({"text": "caf\u00e9 \"x\"", "n": [1]})";
  for (std::size_t size = 1; size < line.size(); ++size) {
    // Once the text is complete the parser may stop there; what it gives must then be that text.
    const auto path = folder.write("t.jsonl", line.substr(0, size));
    try {
      EXPECT_EQ(documents_of(path), std::vector<std::string>{"café \"x\""}) << size;
    } catch (const InputError&) {
    }
  }
}

TEST(Documents, ExpandsPatternsInOrder) {
  const TemporaryFolder folder;
  const auto b = folder.write("b.txt", "");
  const auto a = folder.write("a.txt", "");
  EXPECT_EQ(expand_files({folder.path() / "*.txt"}), (std::vector<fs::path>{a, b}));
  EXPECT_EQ(expand_files({b, a}), (std::vector<fs::path>{b, a}));
  EXPECT_THROW(expand_files({folder.path() / "*.json"}), InputError);
  EXPECT_THROW(expand_files({folder.path() / "absent"}), InputError);
  EXPECT_THROW(expand_files({folder.path()}), InputError);
}

}  // namespace
}  // namespace conceptune::corpus
