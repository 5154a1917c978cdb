#include "conceptune/concepts/dataset_view.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/refusal.h"
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

class DatasetPage : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::vector<ConceptRecord>& records) const {
    DatasetWriter writer(folder_.path() / name, {"wordnet", "t", 100, true, Json::object(), Json::object()});
    for (const auto& record : records) writer.write(record);
    writer.commit();
    return folder_.path() / name;
  }
  std::string page() const { return read_file(folder_.path() / "page.html", "test"); }
  /// What the page knows of the dataset.
  Json data() const {
    const std::string text = page();
    const std::string before = R"(id="data">)";
    const auto begin = text.find(before) + before.size();
    return parse_json(text.substr(begin, text.find("</script>", begin) - begin), "test", "page");
  }

  test::TemporaryFolder folder_;
};

TEST_F(DatasetPage, CannotBeBrokenByItsTexts) {
  ConceptRecord record = example();
  record.text += "</script><script>alert(1)</script>";
  const auto dataset = write("d", {record});
  write_dataset_page(dataset, 10, folder_.path() / "page.html");
  EXPECT_EQ(page().find("alert(1)</script>"), std::string::npos);
  EXPECT_NE(page().find("\\u003c/script>"), std::string::npos);
  EXPECT_EQ(page().find("://"), std::string::npos);
  EXPECT_NE(page().find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(data()["dataset"], dataset_identity(dataset));
  EXPECT_EQ(data()["passages"][0]["pieces"][1], Json::parse(R"(["firemen", "NOUN", 10, []])"));
  EXPECT_EQ(data()["passages"][0]["pieces"][3], Json::parse(R"(["fire", "NOUN", 24, [["blaze", "0.25"]]])"));
}

TEST_F(DatasetPage, ShowsAPassageOnce) {
  write_dataset_page(write("d", {example(), example()}), 10, folder_.path() / "page.html");
  EXPECT_EQ(data()["passages"].size(), 1U);
}

TEST_F(DatasetPage, TellsWhichSourceHasASynonym) {
  ConceptRecord all = example();
  all.words[1].synonyms.push_back({{8}, "flame", 0.125});
  const auto dataset = write("all", {all});
  const std::vector<std::filesystem::path> sources = {dataset, write("some", {example()})};
  write_dataset_page(dataset, 10, folder_.path() / "page.html", sources);
  EXPECT_EQ(data()["sources"], Json::array({"wordnet", "wordnet (some)"}));
  EXPECT_EQ(data()["passages"][0]["pieces"][3][3],
            Json::parse(R"([["blaze", "0.25", 3], ["flame", "0.125", 1]])"));
  ConceptRecord other = example();
  other.id = "q";
  EXPECT_NE(test::refusal_of([&] {
              write_dataset_page(dataset, 10, folder_.path() / "other.html", {write("other", {other})});
            }).find("its passages are not those of the shown dataset"),
            std::string::npos);
}

TEST_F(DatasetPage, ReplacesPagesOfEarlierReleases) {
  folder_.write(
      "page.html",
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>Concept dataset</title>\n<style>\n:root {");
  const auto dataset = write("d", {example()});
  EXPECT_THROW(write_dataset_page(dataset, 10, folder_.path() / "page.html"), InputError);
  write_dataset_page(dataset, 10, {folder_.path() / "page.html", Existing::replace});
  EXPECT_EQ(data()["source"], "wordnet");
}

}  // namespace
}  // namespace conceptune::concepts
