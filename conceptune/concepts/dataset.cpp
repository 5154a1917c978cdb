#include "conceptune/concepts/dataset.h"

#include <fmt/format.h>

#include <utility>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/misplaced_product.h"
#include "conceptune/base/product.h"
#include "conceptune/base/zstd_writer.h"
#include "conceptune/concepts/word_places.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReading = "reading dataset";
constexpr std::string_view kWriting = "writing dataset";
constexpr std::string_view kFormat = "conceptune-concepts";
constexpr int kVersionWithoutSpans = 1;
constexpr const char* kCardName = "dataset.json";
constexpr const char* kRecordsName = "records.jsonl.zst";

Json card_to_json(const DatasetCard& card, const DatasetStatistics& statistics) {
  return {{"format", kFormat},
          {"version", kDatasetFormatVersion},
          {"source", card.source},
          {"tokenizer", {{"hash", card.tokenizer_hash}, {"vocabulary", card.vocabulary}}},
          {"word_in_set", card.word_in_set},
          {"made_from", card.made_from},
          {"outcomes", card.outcomes},
          {"statistics", statistics.to_json()}};
}

DatasetCard card_from_json(const Json& json, const std::string& where) {
  try {
    if (json.at("format") != kFormat) throw InputError(kReading, where, "this is no concept dataset");
    if (json.at("version") != kDatasetFormatVersion && json.at("version") != kVersionWithoutSpans)
      throw InputError(kReading, where,
                       fmt::format("version {}, expected {} or {}", json.at("version").dump(),
                                   kVersionWithoutSpans, kDatasetFormatVersion));
    DatasetCard card;
    card.source = json.at("source").get<std::string>();
    card.tokenizer_hash = json.at("tokenizer").at("hash").get<std::string>();
    card.vocabulary = json.at("tokenizer").at("vocabulary").get<std::int64_t>();
    card.word_in_set = json.at("word_in_set").get<bool>();
    card.made_from = json.at("made_from");
    card.outcomes = json.at("outcomes");
    return card;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kReading, where, fmt::format("the card is incomplete ({})", error.what()));
  }
}

}  // namespace

void DatasetStatistics::add(const ConceptRecord& record) {
  ++passages;
  tokens += static_cast<std::int64_t>(record.ids.size());
  words += static_cast<std::int64_t>(record.words.size());
  for (const auto& word : record.words) {
    const std::size_t size = word.synonyms.size();
    words_with_synonyms += size > 0;
    synonyms += static_cast<std::int64_t>(size);
    for (const auto& synonym : word.synonyms) multi_token_synonyms += synonym.ids.size() > 1;
    if (set_sizes.size() <= size) set_sizes.resize(size + 1);
    ++set_sizes[size];
    ++words_by_pos[static_cast<std::size_t>(word.pos)];
    judged_words += word.judges > 0;
    words_judged_by_several += word.judges > 1;
  }
}

Json DatasetStatistics::to_json() const {
  Json by_pos = Json::object();
  for (std::size_t i = 0; i < words_by_pos.size(); ++i)
    if (words_by_pos[i] > 0)
      by_pos[std::string(words::name_of(static_cast<words::PartOfSpeech>(i)))] = words_by_pos[i];
  Json json = {{"passages", passages},
               {"tokens", tokens},
               {"words", words},
               {"words_by_pos", std::move(by_pos)},
               {"words_with_synonyms", words_with_synonyms},
               {"synonyms", synonyms},
               {"multi_token_synonyms", multi_token_synonyms},
               {"set_sizes", set_sizes}};
  if (judged_words > 0)
    json["seen_by_people"] = {{"words", judged_words}, {"by_several", words_judged_by_several}};
  return json;
}

struct DatasetWriter::State {
  State(const Destination& destination, DatasetCard facts)
      : folder(destination, ProductKind::dataset),
        records(folder.path() / kRecordsName),
        card(std::move(facts)) {}

  AtomicFolder folder;
  ZstdWriter records;
  DatasetCard card;
  DatasetStatistics statistics;
};

DatasetWriter::DatasetWriter(const Destination& folder, DatasetCard card, std::span<const fs::path> inputs) {
  check_folder_destination(folder, ProductKind::dataset, kWriting, inputs);
  state_ = std::make_unique<State>(folder, std::move(card));
}
DatasetWriter::~DatasetWriter() = default;

void DatasetWriter::write(const ConceptRecord& record) {
  check_record(record, state_->card.vocabulary, kWriting, fmt::format("passage {}", record.id));
  state_->records.write(record_to_line(record) + "\n");
  state_->statistics.add(record);
}

void DatasetWriter::set_outcomes(Json outcomes) { state_->card.outcomes = std::move(outcomes); }

DatasetStatistics DatasetWriter::commit() {
  state_->records.commit();
  const Json card = card_to_json(state_->card, state_->statistics);
  write_file_atomically(state_->folder.path() / kCardName, to_json_text(card, 2) + "\n");
  state_->folder.commit();
  return state_->statistics;
}

namespace {

Json read_card(const fs::path& folder) {
  if (!fs::exists(folder / kCardName))
    throw InputError(kReading, folder.string(), misplaced_product(folder, ProductKind::dataset));
  return read_json_file(folder / kCardName, kReading);
}

}  // namespace

struct DatasetReader::State {
  explicit State(const fs::path& folder)
      : json(read_card(folder)),
        card(card_from_json(json, (folder / kCardName).string())),
        lines(folder / kRecordsName, kReading) {
    const auto where = (folder / kCardName).string();
    try {
      passages = json.at("statistics").at("passages").get<std::int64_t>();
    } catch (const nlohmann::json::exception&) {
      throw InputError(kReading, where, "expected statistics with the number of passages");
    }
  }

  Json json;
  DatasetCard card;
  LineReader lines;
  std::string line;
  std::int64_t passages = 0;
};

DatasetReader::DatasetReader(const fs::path& folder) : state_(std::make_unique<State>(folder)) {
  check_unchanged(folder, kReading);
}
DatasetReader::~DatasetReader() = default;
DatasetReader::DatasetReader(DatasetReader&&) noexcept = default;
DatasetReader& DatasetReader::operator=(DatasetReader&&) noexcept = default;

const DatasetCard& DatasetReader::card() const { return state_->card; }
const Json& DatasetReader::card_json() const { return state_->json; }
std::int64_t DatasetReader::passages() const { return state_->passages; }

bool DatasetReader::next(ConceptRecord& record) {
  LineReader& lines = state_->lines;
  if (!lines.next(state_->line)) {
    if (lines.line_number() != state_->passages)
      throw InputError(kReading, lines.where(),
                       fmt::format("the records end here, expected {} passages", state_->passages));
    return false;
  }
  record = record_from_line(state_->line, lines.where());
  if (state_->json.at("version") == kVersionWithoutSpans) locate_words(record);
  check_record(record, state_->card.vocabulary, kReading, lines.where());
  return true;
}

std::string dataset_identity(const fs::path& folder) {
  return sha256_of_file(folder / kRecordsName).substr(0, 16);
}

std::vector<ConceptRecord> read_records(const fs::path& folder) {
  DatasetReader reader(folder);
  std::vector<ConceptRecord> records;
  for (ConceptRecord record; reader.next(record);) records.push_back(std::move(record));
  return records;
}

}  // namespace conceptune::concepts
