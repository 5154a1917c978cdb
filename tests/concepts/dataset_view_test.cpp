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
          {{1, "firemen", PartOfSpeech::noun, {}}, {3, "fire", PartOfSpeech::noun, {{{9}, "blaze", 0.25}}}}};
}

TEST(DatasetView, FindsWordsAsWholeWordsInOrder) {
  const auto record = example();
  const auto places = locate_words(record);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(record.text.substr(places[0].begin, places[0].end - places[0].begin), "firemen");
  EXPECT_EQ(places[1].begin, record.text.rfind("fire"));
  ConceptRecord absent = record;
  absent.words[1].word = "storm";
  EXPECT_EQ(locate_words(absent)[1].begin, record.text.size());
}

TEST(DatasetView, TellsAWordFromEarlierOccurrencesByItsToken) {
  const std::string text = "I can open a can with the old can opener that I can hold.";
  ConceptRecord record{"p", text, std::vector<std::int32_t>(15, 1), {{4, "can", PartOfSpeech::noun, {}}}};
  EXPECT_EQ(locate_words(record)[0].begin, text.find("can with"));
  record.words = {{1, "can", PartOfSpeech::verb, {}}, {8, "can", PartOfSpeech::noun, {}}};
  EXPECT_EQ(locate_words(record)[0].begin, text.find("can"));
  EXPECT_EQ(locate_words(record)[1].begin, text.find("can opener"));
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
  record.text = "Fire!\n\nThe firemen";
  const auto lines = marked_record(record);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(shown(lines[0]), "Fire!\n\nThe ~firemen~");
  EXPECT_EQ(shown(lines[1]), "  *fire* (NOUN): blaze");  // its place is not in the text any more
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
