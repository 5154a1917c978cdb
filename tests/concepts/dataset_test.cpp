#include "conceptune/concepts/dataset.h"

#include <gtest/gtest.h>

#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/zstd_writer.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using words::PartOfSpeech;

ConceptRecord example_record() {
  return {"ba7816bf8f01cfea",
          "A \"fire\" burned.",
          {3, 17, 4, 9},
          {{1, "fire", PartOfSpeech::noun, {{{5}, "blaze", 0.1}, {{6, 7}, "conflagration", 1.0 / 3}}, {3, 7}},
           {2, "burned", PartOfSpeech::verb, {}, {9, 15}}}};
}

DatasetCard example_card() { return {"wordnet", "abcd", 100, true, {{"model", "m"}}, Json::object()}; }

void write_dataset(const fs::path& folder, const std::vector<ConceptRecord>& records) {
  DatasetWriter writer(folder, example_card());
  for (const auto& record : records) writer.write(record);
  writer.commit();
}

std::string message_of(const fs::path& folder) {
  try {
    read_records(folder);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Dataset, ReadsWhatItWrote) {
  const TemporaryFolder folder;
  ConceptRecord second = example_record();
  second.text = "naïve\u2028🙂";
  second.words.clear();
  write_dataset(folder.path() / "d", {example_record(), second});
  EXPECT_EQ(read_records(folder.path() / "d"), (std::vector<ConceptRecord>{example_record(), second}));
  const DatasetReader reader(folder.path() / "d");
  EXPECT_EQ(reader.card().source, "wordnet");
  EXPECT_EQ(reader.card().vocabulary, 100);
  EXPECT_TRUE(reader.card().word_in_set);
  EXPECT_EQ(reader.passages(), 2);
  EXPECT_EQ(reader.card_json()["made_from"]["model"], "m");
}

TEST(Dataset, TheSameRecordsGiveTheSameBytes) {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b"}) write_dataset(folder.path() / name, {example_record()});
  for (const char* file : {"dataset.json", "records.jsonl.zst"})
    EXPECT_EQ(read_file(folder.path() / "a" / file, "test"), read_file(folder.path() / "b" / file, "test"))
        << file;
}

TEST(Dataset, CountsItsRecords) {
  const TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", example_card());
  writer.write(example_record());
  const auto statistics = writer.commit();
  EXPECT_EQ(statistics.to_json(), parse_json(R"({"passages": 1, "tokens": 4, "words": 2,
      "words_by_pos": {"NOUN": 1, "VERB": 1}, "words_with_synonyms": 1, "synonyms": 2,
      "multi_token_synonyms": 1, "set_sizes": [1, 0, 1]})",
                                             "test", "expected"));
}

TEST(Dataset, TellsHowMuchOfItPeopleHaveSeen) {
  const TemporaryFolder folder;
  ConceptRecord record = example_record();
  record.words[0].judges = 2;
  record.words[1].judges = 1;
  write_dataset(folder.path() / "d", {record, example_record()});
  EXPECT_EQ(read_records(folder.path() / "d").at(0), record);
  EXPECT_EQ(DatasetReader(folder.path() / "d").card_json()["statistics"]["seen_by_people"],
            Json({{"words", 2}, {"by_several", 1}}));
  EXPECT_EQ(record_to_line(example_record()).find("judges"), std::string::npos);
}

TEST(Dataset, IsKnownByItsRecords) {
  const TemporaryFolder folder;
  ConceptRecord other = example_record();
  other.words[1].synonyms.push_back({{7}, "blazed", 0.5});
  write_dataset(folder.path() / "a", {example_record()});
  write_dataset(folder.path() / "b", {example_record()});
  write_dataset(folder.path() / "c", {other});
  EXPECT_EQ(dataset_identity(folder.path() / "a").size(), 16U);
  EXPECT_EQ(dataset_identity(folder.path() / "a"), dataset_identity(folder.path() / "b"));
  EXPECT_NE(dataset_identity(folder.path() / "a"), dataset_identity(folder.path() / "c"));
}

TEST(Dataset, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  {
    DatasetWriter writer(folder.path() / "d", example_card());
    writer.write(example_record());
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Dataset, RefusesInconsistentRecords) {
  const auto refuses = [](auto change) {
    ConceptRecord record = example_record();
    change(record);
    try {
      check_record(record, 100, "checking", "here");
      return false;
    } catch (const InputError&) {
      return true;
    }
  };
  EXPECT_FALSE(refuses([](ConceptRecord&) {}));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.ids[0] = -1; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.ids[0] = 100; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[1].position = 4; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[1].position = 1; }));
  EXPECT_FALSE(refuses([](ConceptRecord& r) { r.words[1].span = {}; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[1].span = {9, 14}; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[1].span = {15, 9}; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[1].span = {9, 100}; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) {
    r.words[1].word = "fire";
    r.words[1].span = r.words[0].span;
  }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[0].synonyms[0].ids.clear(); }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[0].synonyms[1].ids[1] = 100; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[0].synonyms[0].text = "fire"; }));
  EXPECT_TRUE(refuses([](ConceptRecord& r) { r.words[0].synonyms[0].text = "conflagration"; }));
  EXPECT_TRUE(refuses(
      [](ConceptRecord& r) { r.words[0].synonyms[0].score = std::numeric_limits<double>::quiet_NaN(); }));
}

TEST(Dataset, RefusesMalformedLines) {
  const std::string line = record_to_line(example_record());
  EXPECT_EQ(record_from_line(line, "here"), example_record());
  for (std::size_t size = 0; size < line.size(); ++size)
    EXPECT_THROW(record_from_line(line.substr(0, size), "here"), InputError) << size;
  for (
      const char* bad :
      {"[]", "3", R"({"id":"a","text":"b","ids":[1.5],"words":[]})",
       R"({"id":"a","text":"b","ids":3,"words":[]})",
       R"({"id":"a","text":"b","ids":[4294967296],"words":[]})",
       R"({"id":"a","text":"b","ids":[-1],"words":[]})",
       R"({"id":"a","text":"b","ids":[1],"words":[{"position":0,"word":"w","pos":"NONE","synonyms":[]}]})",
       R"({"id":"a","text":"b","ids":[1],"words":[{"position":0,"word":"w","pos":"NOUN","synonyms":[3]}]})",
       R"({"id":"a","text":"b","ids":[1],"words":[{"position":0,"word":"b","pos":"NOUN","synonyms":[],"begin":0}]})",
       R"({"id":"a","text":"b","ids":[1],"words":[{"position":0,"word":"b","pos":"NOUN","synonyms":[],"begin":0,"end":-1}]})"})
    EXPECT_THROW(record_from_line(bad, "here"), InputError) << bad;
}

// Version 1 kept no places of words; they are found again when it is read.
TEST(Dataset, ReadsVersionOne) {
  const TemporaryFolder folder;
  ConceptRecord without = example_record();
  for (auto& word : without.words) word.span = {};
  const fs::path dataset = folder.path() / "d";
  write_dataset(dataset, {without});
  EXPECT_EQ(read_records(dataset), std::vector{without});
  fs::remove(dataset / kManifestFile);
  Json card = read_json_file(dataset / "dataset.json", "test");
  EXPECT_EQ(card["version"], 2);
  card["version"] = 1;
  write_file_atomically(dataset / "dataset.json", to_json_text(card));
  EXPECT_EQ(read_records(dataset), std::vector{example_record()});
}

TEST(Dataset, RefusesBadFolders) {
  const TemporaryFolder folder;
  const fs::path dataset = folder.path() / "d";
  EXPECT_EQ(message_of(dataset), "reading dataset: " + dataset.string() + ": No such file or directory");
  write_dataset(dataset, {example_record(), example_record()});
  const std::string manifest = read_file(dataset / kManifestFile, "test");
  fs::remove(dataset / kManifestFile);
  const Json card = read_json_file(dataset / "dataset.json", "test");
  const auto with_card = [&](const char* key, const Json& value) {
    Json changed = card;
    changed[key] = value;
    write_file_atomically(dataset / "dataset.json", to_json_text(changed));
    return message_of(dataset);
  };
  EXPECT_NE(with_card("version", 3).find("version 3, expected 1 or 2"), std::string::npos);
  EXPECT_NE(with_card("format", "other").find("no concept dataset"), std::string::npos);
  EXPECT_NE(with_card("tokenizer", 3).find("the card is incomplete"), std::string::npos);
  EXPECT_NE(with_card("statistics", {{"passages", 3}}).find("expected 3 passages"), std::string::npos);
  EXPECT_EQ(with_card("version", 2), "no error");
  write_file_atomically(dataset / kManifestFile, manifest);
  EXPECT_NE(message_of(dataset).find("dataset.json: has"), std::string::npos);
  fs::remove(dataset / kManifestFile);
  const std::string records = read_file(dataset / "records.jsonl.zst", "test");
  write_file_atomically(dataset / "records.jsonl.zst", records.substr(0, records.size() - 4));
  EXPECT_NE(message_of(dataset), "no error");
}

}  // namespace
}  // namespace conceptune::concepts
