// spaCy's rule-based tokenizer (spacy/tokenizer.pyx) for the rules in a model's `tokenizer` file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/words/english/python_regex.h"
#include "conceptune/words/english/string_map.h"

namespace conceptune::words {

/// A token as a piece of its text.
struct WordPiece {
  std::uint32_t begin, size;  // bytes
  bool space_after;           // a single space follows, which belongs to no token
  const std::string* norm;  // the norm that a special case prescribes, owned by the tokenizer; null elsewhere
};

/// Immutable after loading and thread-safe.
class WordTokenizer {
 public:
  /// Throws InputError when the file is malformed.
  static WordTokenizer load(const std::filesystem::path& file);

  /// What chunks of text (runs between spaces) were split into before. Belongs to one tokenizer and one
  /// thread.
  class Cache {
   public:
    /// Natural text has some 3 % new chunks after the first 100,000; beyond this the cache starts afresh.
    static constexpr std::size_t kMaxChunks = std::size_t{1} << 16;

   private:
    friend class WordTokenizer;
    StringMap<std::vector<WordPiece>> chunks_;
  };

  /// The tokens of valid UTF-8 of at most 4 GiB.
  std::vector<WordPiece> split(std::string_view text, Cache& cache) const;

 private:
  /// A special case: what a string is split into.
  struct RulePart {
    std::uint32_t size;
    std::string norm;
    bool has_norm;
  };
  using Rule = std::vector<RulePart>;
  struct TrieNode {
    StringMap<std::uint32_t> children;
    bool is_end = false;
  };
  struct Span {
    std::size_t begin, end;
  };

  WordTokenizer(PythonRegex prefix, PythonRegex suffix, PythonRegex infix, PythonRegex url);

  template <class EmitChunk>
  static void for_each_chunk(std::string_view text, std::vector<WordPiece>& pieces, const EmitChunk& emit);
  const Rule* special_case(std::string_view text) const;
  void split_chunk(std::string_view chunk, std::uint32_t begin, bool use_rules,
                   std::vector<WordPiece>& pieces) const;
  void split_core(std::string_view core, std::uint32_t begin, bool use_rules,
                  std::vector<WordPiece>& pieces) const;
  std::size_t prefix_length(std::string_view text) const;
  std::size_t suffix_length(std::string_view text) const;

  void build_trie();
  bool may_need_rejoining(std::string_view special) const;
  std::vector<Span> special_spans(std::string_view text, const std::vector<WordPiece>& pieces) const;
  void rejoin_special_cases(std::string_view text, std::vector<WordPiece>& pieces) const;

  PythonRegex prefix_, suffix_, infix_, url_;
  StringMap<Rule> rules_;
  std::vector<TrieNode> trie_{1};
};

}  // namespace conceptune::words
