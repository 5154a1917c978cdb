// Passages of made-up tokens.
#pragma once

#include <vector>

#include "conceptune/concepts/dataset.h"

namespace conceptune::test {

inline concepts::ConceptWord concept_word(std::uint32_t position,
                                          std::vector<std::vector<std::int32_t>> synonyms) {
  concepts::ConceptWord content_word;
  content_word.position = position;
  for (auto& ids : synonyms) content_word.synonyms.push_back({std::move(ids), "synonym", 1});
  return content_word;
}

/// Passages with content words; of 60 tokens one, of a single one another.
inline const std::vector<concepts::ConceptRecord> kRecords = {
    {"first",
     "",
     {10, 20, 30, 40, 50},
     {concept_word(0, {}), concept_word(2, {{31}, {32, 33}, {31}}), concept_word(4, {})}},
    {"long", "", std::vector<std::int32_t>(60, 1), {}},
    {"one", "", {9}, {}},
    {"last", "", {200, 100, 3}, {concept_word(1, {{101}})}},
};

}  // namespace conceptune::test
