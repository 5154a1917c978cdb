// Tables of concepts that people made: tab-separated, one word or one judged occurrence of a word a row
// (docs/file-formats.md, "Concept tables").
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/destination.h"

namespace conceptune::concepts {

struct ConceptRow {
  std::string word;
  std::string pos;                     // "NOUN", …; empty for all
  std::string passage;                 // a passage's id; empty for all
  std::optional<std::uint32_t> begin;  // of one occurrence: its first character in the passage's text
  std::vector<std::string> synonyms;   // best first, without the word itself, none twice
  std::vector<std::string> rejected;   // candidates that do not fit; none of them in `synonyms`
  std::vector<std::string> added;      // those of `synonyms` that were no candidates
  std::vector<std::string> annotators;
  std::int64_t line = 0;  // of the file that it was read from
};

struct ConceptTable {
  std::string path;     // for messages
  std::string dataset;  // dataset_identity() of what was judged; empty for a table without judgements
  std::vector<ConceptRow> rows;

  /// "PATH, line N".
  std::string where(const ConceptRow& row) const;
};

/// The columns that a judged occurrence needs besides `word` and `synonyms`, for messages.
inline constexpr std::string_view kJudgementColumns = "passage, begin, annotator and dataset";

bool holds(const std::vector<std::string>& texts, const std::string& text);

/// Reads a table whose first line names its columns: `word` and `synonyms`, and optionally `pos`, `passage`,
/// `begin`, `rejected`, `added`, `annotator`, `dataset`. Lists are separated by `|`. In a table with the
/// column `dataset` a backslash escapes (table_escaped()). Throws InputError, with file and line, for
/// anything else, and for rows of two datasets.
ConceptTable read_concept_table(const std::filesystem::path& path);

/// Writes a table of judged occurrences, with all columns. The file appears whole or not at all. Throws as
/// check_file_destination().
void write_judgement_table(const ConceptTable& table, const Destination& destination,
                           const std::vector<std::filesystem::path>& inputs);

/// A text as it stands in a field or list of a table of judgements: backslash, tab, line feed, carriage
/// return and `|` as \\, \t, \n, \r and \p, a space at either end as \s.
std::string table_escaped(std::string_view text);

}  // namespace conceptune::concepts
