#include "conceptune/corpus/documents.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "tests/support/compressed.h"
#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::EndsWith;
using testing::HasSubstr;
using Texts = std::vector<std::string>;

std::vector<std::string> documents_of(const fs::path& path, DocumentFormat format = DocumentFormat::automatic,
                                      std::string_view key = "text") {
  const auto reader = open_documents(path, format, key);
  std::vector<std::string> documents;
  for (std::string text; reader->next(text);) documents.push_back(text);
  return documents;
}

std::string message_of(const fs::path& path, DocumentFormat format = DocumentFormat::automatic) {
  return test::refusal_of([&] { documents_of(path, format); });
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
  for (const char* compression : test::kCompressions)
    EXPECT_EQ(documents_of(folder.write("a.json.gz", test::compressed("{\"text\": \"one\"}\n", compression))),
              Texts{"one"})
        << compression;
}

TEST(Documents, ReadsOneArray) {
  const TemporaryFolder folder;
  EXPECT_EQ(documents_of(folder.write("a.json",
                                      "\xef\xbb\xbf[{\"text\": \"one\"},\n {\n  \"text\": \"two\"\n }\n]\n")),
            (Texts{"one", "two"}));
  EXPECT_THAT(message_of(folder.write("b.json", "[{\"text\": \"one\"}, {\"txt\": \"two\"}]")),
              EndsWith("b.json, element 2 (line 1): no key \"text\""));
  EXPECT_THAT(message_of(folder.write("c.json", "[{\"text\": \"one\"}, [2]]")), HasSubstr("element 2"));
}

/// As long as a line may be, far more than a block, in time that grows with the square were minutes.
TEST(Documents, ReadsAnArrayOfManyObjects) {
  const TemporaryFolder folder;
  std::string content = "[";
  constexpr int kDocuments = 400'000;
  for (int i = 0; i < kDocuments; ++i)
    content += (i ? ", {\"text\": \"" : "{\"text\": \"") + std::to_string(i) + "\"}";
  const auto documents = documents_of(folder.write("a.json", content + "]"));
  EXPECT_EQ(documents.size(), kDocuments);
  EXPECT_EQ(documents.back(), std::to_string(kDocuments - 1));
}

TEST(Documents, ReadsParagraphs) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.txt", "\n\none\r\nmore\r\n \u00a0\t\ntwo\n\n\n\nthree");
  EXPECT_EQ(documents_of(path, DocumentFormat::paragraphs), (Texts{"one\nmore", "two", "three"}));
  EXPECT_TRUE(documents_of(folder.write("b.txt", "\n \n"), DocumentFormat::paragraphs).empty());
}

TEST(Documents, ReadsWholeFiles) {
  const TemporaryFolder folder;
  EXPECT_EQ(documents_of(folder.write("a.txt", "\xef\xbb\xbf one\r\n\ntwo\n"), DocumentFormat::whole_files),
            Texts{" one\r\n\ntwo\n"});
  EXPECT_THAT(message_of(folder.write("b.txt", "a\xff"), DocumentFormat::whole_files),
              EndsWith("b.txt: invalid UTF-8 at byte 1"));
  const auto sparse = folder.write("c.txt", "");
  fs::resize_file(sparse, (std::uintmax_t{1} << 26) + 1);
  EXPECT_THAT(message_of(sparse, DocumentFormat::whole_files), HasSubstr("longer than 67108864 bytes"));
}

TEST(Documents, ReadsAColumnOfATable) {
  const TemporaryFolder folder;
  EXPECT_EQ(documents_of(folder.write("a.csv",
                                      "\xef\xbb\xbf"
                                      "text,n\r\n\"one,\nstill \"\"one\"\"\",1\r\ntwo,2\r\n")),
            (Texts{"one,\nstill \"one\"", "two"}));
  EXPECT_EQ(
      documents_of(folder.write("a.tsv", "n\tbody\n1\t\"one\ttwo\"\n"), DocumentFormat::automatic, "body"),
      Texts{"one\ttwo"});
  EXPECT_EQ(documents_of(folder.write("b.tsv", "n\ttext\n1\t\"one\n"), DocumentFormat::unquoted_tsv),
            Texts{"\"one"});
  EXPECT_THAT(message_of(folder.write("b.csv", "n,body\n1,2\n")),
              EndsWith("b.csv, line 1: no column \"text\" (text_key) among \"n\", \"body\""));
  EXPECT_THAT(message_of(folder.write("c.csv", "text,text\n1,2\n")),
              HasSubstr("more than one column \"text\""));
  EXPECT_THAT(message_of(folder.write("d.csv", "n,text\n1,a\n2,b, c\n")),
              EndsWith("d.csv, line 3: 3 fields, expected the 2 of the first row"));
  EXPECT_THAT(message_of(folder.write("e.csv", "n,text\n1\n")),
              EndsWith("line 2: 1 fields, expected the 2 of the first row"));
  EXPECT_THAT(message_of(folder.write("f.csv", "")), EndsWith("no row that names the columns"));
}

TEST(Documents, SaysWhatAFileIsThatHoldsNoText) {
  const TemporaryFolder folder;
  EXPECT_THAT(message_of(folder.write("a.parquet", "PAR1\x15\x04")),
              HasSubstr("a.parquet: a Parquet file, expected UTF-8 text; convert it to JSON lines"));
  EXPECT_THAT(message_of(folder.write("a.txt", std::string("\xff\xfet\0", 4))),
              HasSubstr("a.txt: UTF-16 text, expected UTF-8"));
  EXPECT_THAT(message_of(folder.write("a.jsonl", std::string("PK\x03\x04", 4))), HasSubstr("a ZIP archive"));
  EXPECT_THAT(
      message_of(folder.write("b.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")),
      HasSubstr("git lfs pull"));
}

TEST(Documents, NamesTheLineAtFault) {
  const TemporaryFolder folder;
  const std::string good = "{\"text\": \"a\"}\n";
  EXPECT_THAT(message_of(folder.write("a.txt", "fine\nb\xc3(")),
              EndsWith("a.txt, line 2: invalid UTF-8 at byte 1 of the line"));
  EXPECT_THAT(message_of(folder.write("b.jsonl", good + "{\"text\": \"\xff\"}\n")),
              EndsWith("line 2: invalid UTF-8 at byte 10"));
  EXPECT_THAT(message_of(folder.write("c.jsonl", good + good + "{\"txt\": \"a\"}\n")),
              EndsWith("line 3: no key \"text\""));
  EXPECT_THAT(message_of(folder.write("d.jsonl", "{\"text\": 3}")),
              EndsWith("line 1: \"text\" is no string"));
  EXPECT_THAT(message_of(folder.write("e.jsonl", good + "{\"text\": \"a\", \"m\": {broken}}\n")),
              EndsWith("line 2: malformed JSON at byte 20: expected a key in double quotes"));
  EXPECT_THAT(message_of(folder.write("f.jsonl", good + good + "{\"text\": \"a\"} {\"text\": \"b\"}\n")),
              EndsWith("line 3: malformed JSON at byte 14: extra data behind the object"));
  EXPECT_THAT(message_of(folder.write("g.jsonl", "{\"text\": \"a\", \"t\\u0065xt\": \"b\"}\n")),
              EndsWith("line 1: the key \"text\" twice"));
  EXPECT_THAT(message_of(folder.write("h.jsonl", "{\"text\": \"\\ud800\"}")), HasSubstr("line 1"));
  EXPECT_THAT(message_of(folder.write("i.jsonl", "{\n\"text\": \"a\"\n}\n")),
              HasSubstr("line 1: malformed JSON at byte 1"));
}

TEST(Documents, TakesTheJsonThatPythonTakes) {
  const TemporaryFolder folder;
  const Json golden = read_json_file(test::source("tests/reference/text_readers.json"), "test");
  for (const auto& entry : golden.at("json_lines")) {
    std::string line;
    for (const char32_t c : decode_utf8(entry.at("line").get<std::string>())) line += static_cast<char>(c);
    // Not first in its file, where a byte-order mark is none of the line's and '[' begins an array.
    const auto path = folder.write("a.jsonl", "{\"text\": \"first\"}\n" + line + "\n{\"text\": \"last\"}\n");
    if (entry.at("text").is_null())
      EXPECT_THAT(message_of(path), HasSubstr("a.jsonl, line 2: ")) << line;
    else
      EXPECT_EQ(documents_of(path), (Texts{"first", entry.at("text"), "last"})) << line;
  }
}

TEST(Documents, RefusesEveryTruncationOfALine) {
  const TemporaryFolder folder;
  const std::string line = R"({"text": "caf\u00e9 \"x\"", "n": [1]})";
  for (std::size_t size = 1; size < line.size(); ++size)
    EXPECT_THAT(message_of(folder.write("t.jsonl", line.substr(0, size))), HasSubstr("line 1")) << size;
}

TEST(Documents, ReadsTheCases) {
  const auto cases = test::shared("cases/corpus");
  CONCEPTUNE_REQUIRE(cases);
  EXPECT_THAT(message_of(cases / "broken_after.jsonl"),
              HasSubstr("broken_after.jsonl, line 1: malformed JSON at byte 122"));
  for (const auto& [name, count] : std::map<std::string, std::size_t>{{"bom.jsonl", 3},
                                                                      {"bom.txt", 3},
                                                                      {"real_pzstd.jsonl.zst", 3},
                                                                      {"long31s.jsonl.zst", 3},
                                                                      {"zeros.jsonl.gz", 6}}) {
    const auto documents = documents_of(cases / name);
    ASSERT_EQ(documents.size(), count) << name;
    for (const auto& text : documents) EXPECT_TRUE(text.starts_with("Document number ")) << name;
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
