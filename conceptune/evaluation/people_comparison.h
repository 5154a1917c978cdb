// A concept dataset's sets beside those that people chose for the same words.
#pragma once

#include <filesystem>
#include <optional>

#include "conceptune/results/substitution_measures.h"

namespace conceptune::evaluation {

struct PeopleComparison {
  std::int64_t words = 0;     // of the dataset
  std::int64_t compared = 0;  // that a row of the table decides
  /// People's synonyms are what is wanted. Strict: whatever else the dataset has is wrong; lenient: only what
  /// people rejected is.
  PooledMeasure strict, lenient;
  /// Krippendorff's alpha of two judges, people and the dataset, over the words that people accepted or
  /// rejected.
  std::optional<double> alpha;

  Json to_json() const;
};

/// Compares every word of the dataset for which the table, of the kind that the file source reads, has a row;
/// the most particular row decides. Texts are compared without the case of ASCII letters. Intervals are over
/// words. Throws InputError for an unreadable dataset or table, and where no word has a row.
PeopleComparison compare_with_people(const std::filesystem::path& dataset, const std::filesystem::path& table,
                                     const BootstrapOptions& options, int threads);

}  // namespace conceptune::evaluation
