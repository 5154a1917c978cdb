#include "conceptune/concepts/dataset_view.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

ConceptRecord example() {
  return {"p",
          "Fire! The firemen saw a fire.",
          {1, 2, 3, 4, 5},
          {{1, "firemen", PartOfSpeech::noun, {}, {10, 17}},
           {3, "fire", PartOfSpeech::noun, {{{9}, "blaze", 0.25}}, {24, 28}}}};
}

/// "strong" in asterisks, "pale" in tildes.
std::string shown(const MarkedLine& line) {
  std::string text;
  for (const auto& part : line) {
    const char* mark = part.emphasis == Emphasis::strong ? "*" : part.emphasis == Emphasis::pale ? "~" : "";
    text += mark + part.text + mark;
  }
  return text;
}

TEST(DatasetView, MarksWordsAndListsTheirSets) {
  const auto lines = marked_record(example());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(shown(lines[0]), "Fire! The ~firemen~ saw a *fire*.");
  EXPECT_EQ(shown(lines[1]), "  *fire* (NOUN): blaze");
}

TEST(DatasetView, APassageIsOneLine) {
  ConceptRecord record = example();
  record.text = "Fire!\nThe firemen";
  record.words[1].span = {};
  const auto lines = marked_record(record);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(shown(lines[0]), "Fire!\nThe ~firemen~");
  EXPECT_EQ(shown(lines[1]), "  *fire* (NOUN): blaze");  // its place is not known
}

TEST(DatasetView, ThePageCannotBeBrokenByItsTexts) {
  const test::TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", {"wordnet", "t", 100, true, Json::object(), Json::object()});
  ConceptRecord record = example();
  record.text += "</script><script>alert(1)</script>";
  writer.write(record);
  writer.commit();
  write_dataset_page(folder.path() / "d", 10, folder.path() / "page.html");
  const std::string page = read_file(folder.path() / "page.html", "test");
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_NE(page.find("\\u003c/script>"), std::string::npos);
  EXPECT_NE(page.find("[\"blaze\",\"0.25\"]"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

}  // namespace
}  // namespace conceptune::concepts
