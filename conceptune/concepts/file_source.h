// Concepts from a table that people made.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

struct FileOptions {
  std::filesystem::path table;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("table", table,
          "Tab-separated table with the columns word, synonyms and, if wanted, pos and passage");
  }
};

/// A tab-separated table whose first line names its columns: `word`, `synonyms` (separated by `|`, best
/// first) and optionally `pos` (NOUN, VERB, ADJ) and `passage` (its id); an empty field holds for all. The
/// most particular row that fits a content word decides: one with its passage before one without, then one
/// with its part of speech. The case of ASCII letters in words does not matter. The score of the n-th synonym
/// is 1 / n.
class FileSource : public ConceptSource {
 public:
  /// Throws InputError, with the line, for a malformed table and for two rows of the same word, part and
  /// passage.
  FileSource(const FileOptions& options, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
             int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  using Key =
      std::tuple<std::string, std::string, std::string>;  // word in lower case, part of speech, passage

  void read(const std::filesystem::path& table);
  void read_row(const std::string& line, const std::map<std::string, std::size_t>& columns,
                const std::string& where);
  const std::vector<std::string>* row_of(const ConceptWord& word, const std::string& passage) const;

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::size_t max_synonyms_;
  std::string hash_;
  std::map<Key, std::vector<std::string>> rows_;
};

}  // namespace conceptune::concepts
