// Concept datasets: passages with their content words and, for each, the set of words that could stand in its
// place. A dataset is a folder with the card `dataset.json` and `records.jsonl.zst`, one passage a line
// (docs/file-formats.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/destination.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::concepts {

/// The version of the records and the card that are written; those of version 1 are read too.
inline constexpr int kDatasetFormatVersion = 2;

struct Synonym {
  std::vector<std::int32_t> ids;  // tokens of " synonym", at least one
  std::string text;               // without the space before it
  double score = 0;               // what it means depends on the source; larger is better

  bool operator==(const Synonym&) const = default;
};

/// Whether one of them is `text`, whatever the case of ASCII letters.
bool has_text_ignoring_case(std::span<const Synonym> synonyms, std::string_view text);

struct ConceptWord {
  std::uint32_t position = 0;  // index of its token in ConceptRecord::ids
  std::string word;
  words::PartOfSpeech pos = words::PartOfSpeech::noun;
  std::vector<Synonym> synonyms;  // best first, without the word itself; may be empty
  tokenizer::Span span{};         // the word in ConceptRecord::text; empty where it is not known
  std::uint32_t judges = 0;       // how many people judged this set as it stands

  bool operator==(const ConceptWord&) const = default;
};

struct ConceptRecord {
  std::string id;  // the passage's
  std::string text;
  std::vector<std::int32_t> ids;   // tokens of the text, no begin token added
  std::vector<ConceptWord> words;  // in ascending order of position

  bool operator==(const ConceptRecord&) const = default;
};

/// Counts over all records of a dataset.
struct DatasetStatistics {
  std::int64_t passages = 0;
  std::int64_t tokens = 0;
  std::int64_t words = 0;
  std::int64_t words_with_synonyms = 0;
  std::int64_t synonyms = 0;
  std::int64_t multi_token_synonyms = 0;
  std::vector<std::int64_t> set_sizes;  // [n]: words with n synonyms
  std::array<std::int64_t, words::kPartsOfSpeech> words_by_pos{};
  std::int64_t judged_words = 0;             // by at least one person
  std::int64_t words_judged_by_several = 0;  // of these

  void add(const ConceptRecord& record);
  Json to_json() const;
};

/// The facts that a dataset's card holds besides its counts.
struct DatasetCard {
  std::string source;          // "wordnet", "prompt", …
  std::string tokenizer_hash;  // Tokenizer::hash() of the ids
  std::int64_t vocabulary = 0;
  bool word_in_set =
      true;        // whether the word itself belongs to its concept set (false: random sets in its place)
  Json made_from;  // object: hashes of passages, model, pipeline; options; operations
  Json outcomes;   // object: how often the source was asked, answered, …; may be empty
};

/// Throws InputError unless the record is consistent: positions ascending and within the ids, ids within the
/// vocabulary, known spans ascending with the word there, every synonym with ids, a text that is not the
/// word's and no other synonym's, a finite score.
void check_record(const ConceptRecord& record, std::int64_t vocabulary, std::string_view doing,
                  std::string_view where);

/// One line of records.jsonl, without its line feed.
std::string record_to_line(const ConceptRecord& record);
/// Throws InputError for anything that record_to_line could not have written.
ConceptRecord record_from_line(std::string_view line, std::string_view where);

/// Writes a dataset folder that appears whole with commit() or not at all. The same records and card give the
/// same bytes.
class DatasetWriter {
 public:
  /// Throws as check_folder_destination() with the datasets or files that it is made of.
  explicit DatasetWriter(const Destination& folder, DatasetCard card,
                         std::span<const std::filesystem::path> inputs = {});
  ~DatasetWriter();

  /// Throws InputError for an inconsistent record and SystemError when the disk refuses.
  void write(const ConceptRecord& record);
  /// Replaces the card's outcomes, for counts that are complete only at the end.
  void set_outcomes(Json outcomes);
  DatasetStatistics commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a dataset folder record by record; nothing in it is trusted.
class DatasetReader {
 public:
  /// Throws InputError when the card is missing, malformed or of another version, or a file was changed after
  /// it was written (check_unchanged()).
  explicit DatasetReader(const std::filesystem::path& folder);
  ~DatasetReader();
  DatasetReader(DatasetReader&&) noexcept;
  DatasetReader& operator=(DatasetReader&&) noexcept;

  const DatasetCard& card() const;
  /// The whole of dataset.json.
  const Json& card_json() const;
  /// As the card states them; next() checks the number of passages at the end.
  std::int64_t passages() const;
  /// The next record; false at the end.
  bool next(ConceptRecord& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What the tables that judge a dataset know it by: the first 16 hexadecimal digits of the SHA-256 of its
/// records' file. Throws InputError when it cannot be read.
std::string dataset_identity(const std::filesystem::path& folder);

/// All records of a dataset that fits into memory.
std::vector<ConceptRecord> read_records(const std::filesystem::path& folder);

}  // namespace conceptune::concepts
