// Small datasets and tables of judgements for tests.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/concepts/concept_table.h"
#include "conceptune/concepts/dataset.h"
#include "tests/support/dataset_card.h"

namespace conceptune::test {

inline constexpr const char* kJudgementHead =
    "dataset\tannotator\tpassage\tbegin\tword\tpos\tsynonyms\tadded\trejected\n";

/// "p": "The quick cat saw it." with the sets quick: fast, rapid, live; cat: feline; saw: none.
inline concepts::ConceptRecord judged_record() {
  using words::PartOfSpeech;
  return {
      "p",
      "The quick cat saw it.",
      {1, 2, 3, 4, 5},
      {{1, "quick", PartOfSpeech::adj, {{{7}, "fast", 0.9}, {{8}, "rapid", 0.5}, {{9}, "live", 0.1}}, {4, 9}},
       {2, "cat", PartOfSpeech::noun, {{{6}, "feline", 0.4}}, {10, 13}},
       {3, "saw", PartOfSpeech::verb, {}, {14, 17}}}};
}

inline void write_dataset(const std::filesystem::path& folder,
                          const std::vector<concepts::ConceptRecord>& records) {
  concepts::DatasetWriter writer(folder, dataset_card("t", 100));
  for (const auto& record : records) writer.write(record);
  writer.commit();
}

/// What one person said of one set.
inline concepts::ConceptRow row(std::vector<std::string> synonyms, std::vector<std::string> rejected,
                                std::vector<std::string> added = {}) {
  concepts::ConceptRow row;
  row.synonyms = std::move(synonyms);
  row.rejected = std::move(rejected);
  row.added = std::move(added);
  return row;
}

/// A row of a table of judgements on passage p.
inline std::string judged_row(const std::string& dataset, const std::string& annotator, int begin,
                              const std::string& word, const std::string& pos, const std::string& synonyms,
                              const std::string& added, const std::string& rejected) {
  return fmt::format("{}\t{}\tp\t{}\t{}\t{}\t{}\t{}\t{}\n", dataset, annotator, begin, word, pos, synonyms,
                     added, rejected);
}

}  // namespace conceptune::test
