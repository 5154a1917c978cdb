// Concepts from a table that people made.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/concept_table.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

struct FileOptions {
  std::filesystem::path table;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("table", table,
          "Tab-separated table with the columns word, synonyms and, if wanted, pos, passage and begin");
  }
};

/// A table of concepts (concept_table.h). The most particular row that fits a content word decides: the one
/// of its very place (`passage` and `begin`), else one with its passage before one without, then one with its
/// part of speech. The case of ASCII letters in words does not matter. The score of the n-th synonym is 1 /
/// n. A word whose place people judged keeps how many of them did (ConceptWord::judges).
class FileSource : public ConceptSource {
 public:
  /// Throws InputError, with the line, for a malformed table and for two rows of the same word, part and
  /// passage, or of the same place.
  FileSource(const FileOptions& options, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
             int max_synonyms);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  /// The row that decides a word of a passage; null for none.
  const ConceptRow* row_of(const ConceptWord& word, const std::string& passage) const;
  Json made_from() const override;
  /// Throws InputError for a judged word that does not stand at its place in the passage. Warns, once,
  /// where a judged place is no content word here.
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  using Key =
      std::tuple<std::string, std::string, std::string>;  // word in lower case, part of speech, passage
  using Place = std::pair<std::string, std::uint32_t>;    // passage, first character

  void check_places(const ConceptRecord& record) const;

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::size_t max_synonyms_;
  std::string hash_;
  ConceptTable table_;
  std::map<Key, const ConceptRow*> general_;  // rows of table_
  std::map<Place, const ConceptRow*> of_places_;
  mutable std::atomic<bool> has_warned_ = false;
};

}  // namespace conceptune::concepts
