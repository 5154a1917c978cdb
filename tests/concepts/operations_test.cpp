#include "conceptune/concepts/operations.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using words::PartOfSpeech;
using Texts = std::vector<std::string>;

Synonym synonym(int id) { return {{id}, fmt::format("s{}", id), 1.0 / (1 + id)}; }

ConceptWord word_at(std::uint32_t position, const std::vector<int>& synonyms) {
  ConceptWord word{position, fmt::format("w{}", position), PartOfSpeech::noun, {}};
  for (const int id : synonyms) word.synonyms.push_back(synonym(id));
  return word;
}

ConceptRecord record_of(const std::string& id, std::vector<ConceptWord> words, const std::string& end = ".") {
  ConceptRecord record{id, "", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, std::move(words)};
  for (const auto& word : record.words) record.text += " " + word.word;
  record.text += end;
  return record;
}

Texts texts_of(const ConceptWord& word) {
  Texts texts;
  for (const auto& s : word.synonyms) texts.push_back(s.text);
  return texts;
}

std::string bytes_of(const fs::path& dataset) {
  return read_file(dataset / "dataset.json", "test") + read_file(dataset / "records.jsonl.zst", "test");
}

class OperationsTest : public ::testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  fs::path write(const std::string& name, const std::vector<ConceptRecord>& records,
                 Json made_from = {{"m", 1}}, const std::string& tokenizer = "t") const {
    DatasetWriter writer(path(name),
                         {"wordnet", tokenizer, 1000, true, std::move(made_from), {{"asked", 5}}});
    for (const auto& record : records) writer.write(record);
    writer.commit();
    return path(name);
  }
  /// 200 passages of 8 words, each with 2 synonyms.
  fs::path write_many() const {
    std::vector<ConceptRecord> records;
    for (int i = 0; i < 200; ++i) {
      std::vector<ConceptWord> words;
      for (std::uint32_t w = 0; w < 8; ++w) words.push_back(word_at(w, {2 * i, 2 * i + 1}));
      records.push_back(record_of(fmt::format("p{}", i), words));
    }
    return write("many", records);
  }

  TemporaryFolder folder_;
};

TEST_F(OperationsTest, LimitKeepsTheBest) {
  const auto input = write("in", {record_of("a", {word_at(1, {5, 6, 7}), word_at(2, {8})})});
  limit_synonyms(input, 2, path("out"));
  const auto records = read_records(path("out"));
  EXPECT_EQ(texts_of(records[0].words[0]), (Texts{"s5", "s6"}));
  EXPECT_EQ(texts_of(records[0].words[1]), Texts{"s8"});
  const DatasetReader reader(path("out"));
  EXPECT_EQ(reader.card().made_from["operation"], "limit");
  EXPECT_EQ(reader.card().made_from["of"][0]["made_from"]["m"], 1);
  EXPECT_THROW(limit_synonyms(input, -1, path("no")), InputError);
}

TEST_F(OperationsTest, ProportionKeepsAShareOfEachPassage) {
  const auto input = write_many();
  sample_words(input, 0.25, 1, path("quarter"));
  std::set<std::uint32_t> positions;
  for (const auto& record : read_records(path("quarter"))) {
    EXPECT_EQ(record.words.size(), 2U);
    for (const auto& word : record.words) positions.insert(word.position);
  }
  EXPECT_EQ(positions.size(), 8U);
  sample_words(input, 0.01, 1, path("least"));
  EXPECT_EQ(read_records(path("least"))[0].words.size(), 1U);
  sample_words(input, 1, 1, path("all"));
  EXPECT_EQ(read_records(path("all")), read_records(input));
  sample_words(input, 0.25, 2, path("other"));
  EXPECT_NE(read_records(path("other")), read_records(path("quarter")));
  EXPECT_THROW(sample_words(input, 0, 1, path("no")), InputError);
}

TEST_F(OperationsTest, LastKeepsPassagesThatEndInAContentWord) {
  const auto input = write("in", {record_of("a", {word_at(1, {5}), word_at(2, {6})}, ".\""),
                                  record_of("b", {word_at(1, {5})}, " to it."), record_of("c", {}, "none")});
  keep_last_words(input, path("out"));
  const auto records = read_records(path("out"));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].id, "a");
  ASSERT_EQ(records[0].words.size(), 1U);
  EXPECT_EQ(records[0].words[0].position, 2U);
}

/// Checks that every word got `members` different draws, hardly ever those that it had.
void expect_fresh_draws(const std::vector<ConceptRecord>& before, const std::vector<ConceptRecord>& after,
                        std::size_t members) {
  int same = 0;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i)
    for (std::size_t w = 0; w < after[i].words.size(); ++w) {
      const Texts drawn = texts_of(after[i].words[w]);
      EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), members);
      same += drawn == texts_of(before[i].words[w]);
    }
  EXPECT_LT(same, 10);
}

TEST_F(OperationsTest, ThePapersDrawReplacesTheWordTooByADifferentOne) {
  const auto input = write_many();
  randomise_synonyms(input, RandomDraw::paper, 1, path("out"));
  expect_fresh_draws(read_records(input), read_records(path("out")), 3);
  EXPECT_FALSE(DatasetReader(path("out")).card().word_in_set);
}

TEST_F(OperationsTest, KeepWordReplacesTheSynonymsAlone) {
  const auto input = write_many();
  randomise_synonyms(input, RandomDraw::keep_word, 1, path("out"));
  expect_fresh_draws(read_records(input), read_records(path("out")), 2);
  EXPECT_TRUE(DatasetReader(path("out")).card().word_in_set);
}

TEST_F(OperationsTest, AWordWithoutSynonymsIsReplacedWhereTrueSetsAre) {
  const auto input = write("in", {record_of("a", {word_at(1, {}), word_at(2, {5, 6, 7})})});
  for (const auto& [draw, members] : {std::pair(RandomDraw::paper, 1U), std::pair(RandomDraw::authors, 1U),
                                      std::pair(RandomDraw::keep_word, 0U)}) {
    const std::string name(name_of(draw));
    randomise_synonyms(input, draw, 1, path(name));
    EXPECT_EQ(read_records(path(name)).at(0).words.at(0).synonyms.size(), members) << name;
  }
}

TEST_F(OperationsTest, TheAuthorsDrawIsOneMoreWithoutTheWord) {
  randomise_synonyms(write_many(), RandomDraw::authors, 1, path("out"));
  std::int64_t drawn = 0;
  for (const auto& record : read_records(path("out")))
    for (const auto& word : record.words) {
      EXPECT_LE(word.synonyms.size(), 3U);
      drawn += static_cast<std::int64_t>(word.synonyms.size());
    }
  // With replacement from 400: hardly any of the 4,800 draws repeats another of its word.
  EXPECT_GT(drawn, 4700);
  EXPECT_FALSE(DatasetReader(path("out")).card().word_in_set);
}

TEST_F(OperationsTest, RandomSetsNeedSynonymsToDrawFrom) {
  EXPECT_THROW(
      randomise_synonyms(write("in", {record_of("a", {word_at(1, {})})}), RandomDraw::paper, 1, path("out")),
      InputError);
}

TEST_F(OperationsTest, IntersectionAndUnionGoBySynonym) {
  const auto first = write("first", {record_of("a", {word_at(1, {5, 6, 7}), word_at(3, {8})})});
  const auto second = write("second", {record_of("a", {word_at(1, {9, 7, 5}), word_at(2, {8})})});
  intersect_datasets(first, second, path("both"));
  const auto both = read_records(path("both"));
  ASSERT_EQ(both[0].words.size(), 1U);
  EXPECT_EQ(texts_of(both[0].words[0]), (Texts{"s5", "s7"}));
  unite_datasets(first, second, path("any"));
  const auto any = read_records(path("any"));
  ASSERT_EQ(any[0].words.size(), 3U);
  EXPECT_EQ(texts_of(any[0].words[0]), (Texts{"s5", "s6", "s7", "s9"}));
  EXPECT_EQ(any[0].words[1].position, 2U);
  EXPECT_EQ(DatasetReader(path("any")).card().source, "union(wordnet, wordnet)");
}

TEST_F(OperationsTest, KeepHowManyPeopleSawASetOnlyWhereTheySawAllOfIt) {
  const auto judged = [](ConceptWord word, std::uint32_t judges) {
    word.judges = judges;
    return word;
  };
  const auto seen = write(
      "seen", {record_of("p", {judged(word_at(1, {1, 2}), 2), judged(word_at(3, {4}), 1), word_at(5, {6})})});
  const auto other = write("other", {record_of("p", {word_at(1, {2}), word_at(3, {4, 5}), word_at(5, {6})})});
  const auto judges_of = [&](const std::string& name) {
    std::vector<std::uint32_t> judges;
    for (const auto& word : read_records(path(name)).at(0).words) judges.push_back(word.judges);
    return judges;
  };
  using Judges = std::vector<std::uint32_t>;
  EXPECT_EQ(limit_synonyms(seen, 1, path("limited")).judged_words, 2);
  EXPECT_EQ(judges_of("limited"), (Judges{2, 1, 0}));
  intersect_datasets(other, seen, path("both"));
  EXPECT_EQ(judges_of("both"), (Judges{2, 1, 0}));
  unite_datasets(other, seen, path("either"));
  EXPECT_EQ(judges_of("either"), (Judges{2, 0, 0}));
  randomise_synonyms(seen, RandomDraw::paper, 1, path("random"));
  EXPECT_EQ(judges_of("random"), (Judges{0, 0, 0}));
}

TEST_F(OperationsTest, OnlyDatasetsOfTheSamePassagesCombine) {
  const auto first = write("first", {record_of("a", {}), record_of("b", {})});
  EXPECT_THROW(unite_datasets(first, write("second", {record_of("a", {})}), path("out")), InputError);
  EXPECT_THROW(unite_datasets(first, write("third", {record_of("a", {}), record_of("c", {})}), path("out")),
               InputError);
  EXPECT_THROW(
      unite_datasets(first, write("fourth", {record_of("a", {}), record_of("b", {})}, {{"m", 1}}, "u"),
                     path("out")),
      InputError);
  EXPECT_FALSE(fs::exists(path("out")));
}

TEST_F(OperationsTest, MergedShardsAreTheWholeByteForByte) {
  const auto a = record_of("a", {word_at(1, {5})});
  const auto b = record_of("b", {word_at(1, {6})});
  const auto shard = [](int index) { return Json{{"m", 1}, {"shard", {{"index", index}, {"count", 2}}}}; };
  const auto first = write("0", {a}, shard(0));
  const auto second = write("1", {b}, shard(1));
  merge_shards({second, first}, path("merged"));
  DatasetWriter whole(path("whole"), {"wordnet", "t", 1000, true, {{"m", 1}}, {{"asked", 10}}});
  whole.write(a);
  whole.write(b);
  whole.commit();
  EXPECT_EQ(bytes_of(path("merged")), bytes_of(path("whole")));
  EXPECT_THROW(merge_shards({first, first}, path("no")), InputError);
  EXPECT_THROW(merge_shards({first}, path("no")), InputError);
  EXPECT_THROW(merge_shards({}, path("no")), InputError);
  EXPECT_THROW(merge_shards({first, path("whole")}, path("no")), InputError);
  Json other = shard(1);
  other["m"] = 2;
  EXPECT_THROW(merge_shards({first, write("other", {b}, other)}, path("no")), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
