// The NORM feature of a word: its spelling made regular ("’s" → "'s", "realise" → "realize", else lower
// case).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace conceptune::words {

class WordNorms {
 public:
  /// Reads the table `lexeme_norm` of `vocab/lookups.bin`. Throws InputError when it is malformed.
  static WordNorms load(const std::filesystem::path& lookups);

  /// Norm of a word: from the file's table, else from spaCy's BASE_NORMS (spacy/lang/norm_exceptions.py),
  /// else the word in lower case.
  std::string norm(std::string_view word) const;

 private:
  std::unordered_map<std::uint64_t, std::string> norms_;  // by string_id()
};

}  // namespace conceptune::words
