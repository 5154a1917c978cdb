// What several people said of the concept sets of one dataset, brought together from their tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conceptune/concepts/concept_table.h"

namespace conceptune::concepts {

/// One occurrence of a word with everything that was said of its set.
struct JudgedSet {
  std::string passage;
  std::uint32_t begin = 0;  // first character in the passage's text
  std::string word;
  std::string pos;
  std::map<std::size_t, ConceptRow> rows;  // by the person's index

  /// Candidates that at least one person accepted or rejected, in the order of their first mention; without
  /// words that were added.
  std::vector<std::string> candidates() const;
  /// Words that at least one person added, in the order of their first mention.
  std::vector<std::string> added() const;
};

struct Judgements {
  std::string dataset;              // dataset_identity() of what was judged
  std::vector<std::string> people;  // names, in the order of their first row
  std::vector<JudgedSet> sets;  // in the order of the dataset where it is known, else of the first mention
};

/// Whether a person accepts a candidate; nothing where they did not decide.
std::optional<bool> verdict_of(const ConceptRow& row, const std::string& candidate);

/// How many accept and reject a word, of those who decided.
struct Votes {
  std::int64_t accepted = 0, rejected = 0;

  void add(std::optional<bool> verdict);
};

Votes votes_of(const JudgedSet& set, const std::string& text);

/// Reads tables that dataset pages saved (ConceptTable). Throws InputError for a table that is none, tables
/// of different datasets, an occurrence that a person judged twice, one name in two tables, and a row of
/// several people (an adjudicated table). With the judged dataset also where a table is of another one, a
/// place is no content word of its, or a candidate is none of the set's.
Judgements read_judgements(std::span<const std::filesystem::path> tables,
                           const std::optional<std::filesystem::path>& dataset);

}  // namespace conceptune::concepts
