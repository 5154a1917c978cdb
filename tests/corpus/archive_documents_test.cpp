// The archive format of conceptune/corpus/documents.h.
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/corpus/documents.h"
#include "tests/support/compressed.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using Files = std::vector<std::pair<std::string, std::string>>;

void write_archive(const fs::path& path, const Files& files, bool xz) {
  archive* out = archive_write_new();
  if (xz) archive_write_add_filter_xz(out);
  archive_write_set_format_ustar(out);
  archive_write_open_filename(out, path.c_str());
  for (const auto& [name, content] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(out, entry);
    archive_write_data(out, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_free(out);
}

std::vector<std::string> documents_of(const fs::path& path) {
  const auto reader = open_documents(path, DocumentFormat::archive, "text");
  std::vector<std::string> documents;
  for (std::string text; reader->next(text);) documents.push_back(text);
  return documents;
}

/// OpenWebText's shape: a tar of archives compressed with xz, each with many text files.
fs::path write_nested(const TemporaryFolder& folder) {
  write_archive(folder.path() / "1.xz", {{"0-a.txt", "first"}, {"1-b.txt", "second\nline"}}, true);
  write_archive(folder.path() / "2.xz", {{"0-c.txt", std::string(200'000, 'x')}}, true);
  const fs::path outer = folder.path() / "openwebtext.tar";
  write_archive(outer,
                {{"openwebtext/urlsf_subset00-1_data.xz", read_file(folder.path() / "1.xz", "test")},
                 {"openwebtext/urlsf_subset00-2_data.xz", read_file(folder.path() / "2.xz", "test")},
                 {"openwebtext/loose.txt", "third"}},
                false);
  return outer;
}

TEST(ArchiveDocuments, ReadsArchivesWithinAnArchive) {
  const TemporaryFolder folder;
  EXPECT_EQ(documents_of(write_nested(folder)),
            (std::vector<std::string>{"first", "second\nline", std::string(200'000, 'x'), "third"}));
}

TEST(ArchiveDocuments, ReadsACompressedArchiveDirectly) {
  const TemporaryFolder folder;
  write_archive(folder.path() / "a.tar.xz", {{"a", "one"}, {"b", ""}}, true);
  EXPECT_EQ(documents_of(folder.path() / "a.tar.xz"), (std::vector<std::string>{"one", ""}));
}

TEST(ArchiveDocuments, ReadsEntriesByTheirNames) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.tar";
  const std::string lines = "{\"text\": \"one\"}\n{\"text\": \"two\"}\n";
  write_archive(path,
                {{"lines.jsonl", lines},
                 {"lines.jsonl.zst", test::compressed(lines, "zstd")},
                 {"table.csv", "text\nthree\n"},
                 {"whole.txt",
                  "\xef\xbb\xbf"
                  "four\n"},
                 {"whole.txt.bz2", test::compressed("five\n", "bzip2")}},
                false);
  EXPECT_EQ(documents_of(path),
            (std::vector<std::string>{"one", "two", "one", "two", "three", "four\n", "five\n"}));
}

TEST(ArchiveDocuments, RefusesEntriesThatHoldNoText) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& name, const std::string& content) {
    write_archive(folder.path() / "a.tar", {{"good", "one"}, {name, content}}, false);
    return test::refusal_of([&] { documents_of(folder.path() / "a.tar"); });
  };
  EXPECT_THAT(refusal("b.parquet", "PAR1\x15\x04"), testing::HasSubstr("a.tar, b.parquet: a Parquet file"));
  EXPECT_THAT(refusal("b.jsonl", "{\"text\": \"one\"} x\n"),
              testing::HasSubstr("a.tar, b.jsonl, line 1: malformed JSON"));
  EXPECT_THAT(refusal("b.gz", test::compressed("one", "gzip").substr(0, 20)),
              testing::HasSubstr("a.tar, b.gz: the gzip stream"));
  const auto outer = folder.path() / "outer.tar";
  write_archive(folder.path() / "a.tar", {{"a", "one"}}, false);
  write_archive(folder.path() / "b.tar", {{"a.tar", read_file(folder.path() / "a.tar", "test")}}, false);
  write_archive(outer, {{"b.tar", read_file(folder.path() / "b.tar", "test")}}, false);
  EXPECT_THAT(test::refusal_of([&] { documents_of(outer); }),
              testing::HasSubstr("outer.tar, b.tar, a.tar: an archive within"));
}

TEST(ArchiveDocuments, NamesTheEntryAtFault) {
  const TemporaryFolder folder;
  write_archive(folder.path() / "a.tar", {{"good", "one"}, {"bad", "\xff"}}, false);
  try {
    documents_of(folder.path() / "a.tar");
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("a.tar, bad: invalid UTF-8 at byte 0"), std::string::npos)
        << error.what();
  }
}

TEST(ArchiveDocuments, RefusesTruncatedAndForeignFiles) {
  const TemporaryFolder folder;
  const std::string whole = read_file(write_nested(folder), "test");
  EXPECT_THROW(documents_of(folder.write("cut.tar", whole.substr(0, 700))), InputError);
  EXPECT_THROW(documents_of(folder.write("no.tar", "this is no archive at all")), InputError);
  EXPECT_THAT(test::refusal_of([&] { documents_of(folder.write("zip.tar", std::string("PK\x03\x04", 4))); }),
              testing::HasSubstr("a ZIP archive (or an office document), expected a tar archive; unpack it"));
  EXPECT_THROW(documents_of(folder.path() / "absent.tar"), InputError);
}

}  // namespace
}  // namespace conceptune::corpus
