#include "conceptune/concepts/authors_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/corpus/passage.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading the authors' dataset format";
constexpr std::string_view kExporting = "exporting dataset";

bool is_in_authors_format(const fs::path& file) { return begins_with(file, R"({"input_sequence")"); }

Json response_of(const ConceptWord& word) {
  Json synonyms = Json::array();
  Json scores = Json::array();
  for (const auto& synonym : word.synonyms) {
    synonyms.push_back(synonym.text);
    scores.push_back(synonym.score);
  }
  return {{"word", word.word},
          {"position", word.position},
          {"synonyms", std::move(synonyms)},
          {"scores", std::move(scores)}};
}

/// Synonyms of one response; those without a score count by their rank.
std::vector<Synonym> synonyms_of(const Json& response, const std::string& word,
                                 const tokenizer::Tokenizer& tokenizer) {
  std::vector<Synonym> synonyms;
  const auto& texts = response.at("synonyms");
  const Json scores = response.value("scores", Json::array());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto text = texts[i].get<std::string>();
    const bool is_known =
        std::any_of(synonyms.begin(), synonyms.end(), [&](const auto& s) { return s.text == text; });
    if (text.empty() || text == word || is_known) continue;
    const double score = i < scores.size() ? scores[i].get<double>() : 1.0 / static_cast<double>(i + 1);
    synonyms.push_back({tokenizer.encode_ids(" " + text), text, score});
  }
  return synonyms;
}

ConceptRecord record_of(const Json& object, const tokenizer::Tokenizer& tokenizer, Outcomes& outcomes) {
  ConceptRecord record;
  record.text = object.at("input_sequence").get<std::string>();
  record.id = corpus::passage_id(record.text);
  auto encoding = tokenizer.encode(record.text);
  record.ids = std::move(encoding.ids);
  for (const auto& response : object.at("content_word_responses")) {
    const auto word = response.at("word").get<std::string>();
    const auto position = response.at("position").get<std::int64_t>();
    ++outcomes.asked;
    const bool in_place = position >= 0 && position < static_cast<std::int64_t>(record.ids.size()) &&
                          tokenizer.token_bytes(record.ids[static_cast<std::size_t>(position)]) == " " + word;
    if (!in_place) {
      ++outcomes.invalid;
      continue;
    }
    const auto end = encoding.offsets[static_cast<std::size_t>(position)].end;
    const auto begin = end - static_cast<std::uint32_t>(count_code_points(word));
    auto synonyms = synonyms_of(response, word, tokenizer);
    ++(synonyms.empty() ? outcomes.empty : outcomes.answered);
    record.words.push_back({static_cast<std::uint32_t>(position),
                            word,
                            words::PartOfSpeech::x,
                            std::move(synonyms),
                            {begin, end}});
  }
  std::stable_sort(record.words.begin(), record.words.end(),
                   [](const ConceptWord& a, const ConceptWord& b) { return a.position < b.position; });
  return record;
}

}  // namespace

void export_authors_format(const fs::path& dataset, const Destination& file) {
  check_file_destination(file, "file in the authors' format", kExporting, is_in_authors_format,
                         std::span(&dataset, 1));
  DatasetReader reader(dataset);
  AtomicFile output(file.path, file.existing);
  for (ConceptRecord record; reader.next(record);) {
    Json responses = Json::array();
    Json words = Json::array();
    Json positions = Json::array();
    for (const auto& word : record.words) {
      responses.push_back(response_of(word));
      words.push_back(word.word);
      positions.push_back(word.position);
    }
    output.write(to_json_text({{"input_sequence", record.text},
                               {"content_word_responses", std::move(responses)},
                               {"input_ids", record.ids},
                               {"content_words", std::move(words)},
                               {"content_words_indices", std::move(positions)}}) +
                 "\n");
  }
  output.commit();
}

DatasetStatistics import_authors_format(const fs::path& file, const tokenizer::Tokenizer& tokenizer,
                                        const Destination& output) {
  LineReader lines(file, kDoing);
  DatasetWriter writer(output,
                       {"authors-file",
                        tokenizer.hash(),
                        static_cast<std::int64_t>(tokenizer.size()),
                        true,
                        {{"file", sha256_of_file(file)}},
                        Json::object()},
                       std::span(&file, 1));
  Outcomes outcomes;
  for (std::string line; lines.next(line);) {
    const Json object = parse_json(line, kDoing, lines.where());
    try {
      writer.write(record_of(object, tokenizer, outcomes));
    } catch (const nlohmann::json::exception& error) {
      throw InputError(kDoing, lines.where(), error.what());
    }
  }
  if (lines.line_number() == 0) throw InputError(kDoing, file.string(), "no lines, expected at least one");
  writer.set_outcomes({{"source", outcomes.to_json()}});
  return writer.commit();
}

}  // namespace conceptune::concepts
