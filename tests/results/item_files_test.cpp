#include "conceptune/results/item_files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

const ItemKey kKey{"simlex999", "paper", "lambda 1/2", {{"model", "aa"}, {"limit", 0}}};
const std::vector<Json> kItems = {{{"cosine", 0.1}}, {{"cosine", 0.30000000000000004}}};

TEST(ItemFiles, GivesBackWhatWasPut) {
  const test::TemporaryFolder folder;
  const ItemFiles files(folder.path() / "items");
  EXPECT_EQ(files.find(kKey), std::nullopt);
  files.put(kKey, kItems);
  EXPECT_EQ(files.find(kKey), kItems);
}

TEST(ItemFiles, KnowsItemsByWhatMadeThem) {
  const test::TemporaryFolder folder;
  const ItemFiles files(folder.path());
  files.put(kKey, kItems);
  ItemKey other = kKey;
  other.made_from["limit"] = 5;
  EXPECT_EQ(files.find(other), std::nullopt);
  EXPECT_NE(ItemFiles::file_name(other), ItemFiles::file_name(kKey));
  EXPECT_THAT(ItemFiles::file_name(kKey),
              testing::MatchesRegex("simlex999\\.paper\\.lambda-1-2\\.[0-9a-f]*\\.jsonl\\.zst"));
}

TEST(ItemFiles, TakesADamagedFileForNone) {
  const test::TemporaryFolder folder;
  const ItemFiles files(folder.path());
  files.put(kKey, kItems);
  const auto path = folder.path() / ItemFiles::file_name(kKey);
  const std::string whole = read_file(path, "test");
  for (const std::string& damaged :
       {std::string(), whole.substr(0, whole.size() / 2), std::string("{}\n"), std::string("[1]\n{\n")}) {
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_EQ(files.find(kKey), std::nullopt);
  }
}

TEST(ItemFiles, ConvertsOnlyWhatFits) {
  const test::TemporaryFolder folder;
  const ItemFiles files(folder.path());
  files.put(kKey, kItems);
  const auto cosine = [](const Json& item) { return item.at("cosine").get<double>(); };
  EXPECT_EQ(files.find_as(kKey, 2, cosine), (std::vector<double>{0.1, 0.30000000000000004}));
  EXPECT_EQ(files.find_as(kKey, 3, cosine), std::nullopt);
  EXPECT_EQ(files.find_as(kKey, 2, passage_scores_from_json), std::nullopt);
}

TEST(ItemFiles, KeepsNothingWithoutAFolder) {
  const ItemFiles files{std::filesystem::path()};
  files.put(kKey, kItems);
  EXPECT_EQ(files.find(kKey), std::nullopt);
  EXPECT_FALSE(files.keeps());
}

TEST(ItemFiles, PassageScoresSurviveALine) {
  const PassageScores scores{
      .id = "ab", .nll = {0.123456, 17.5}, .correct = {1, 0}, .content = {{1, true, 0.25}, {1, false, 3}}};
  const Json line = parse_json(to_json_text(passage_scores_to_json(scores)), "test", "line");
  EXPECT_EQ(passage_scores_from_json(line), scores);
}

}  // namespace
}  // namespace conceptune::evaluation
