// spaCy's attribute ruler: patterns over tokens that decide the part of speech from tag, word and dependency.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/words/english/string_map.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::words {

/// Reads `attribute_ruler/patterns` and keeps the rules that set POS, TAG or DEP. Immutable, thread-safe.
class AttributeRuler {
 public:
  /// Throws InputError when the file is malformed or holds a rule on another attribute than TAG, LOWER, DEP
  /// or IS_SPACE.
  static AttributeRuler load(const std::filesystem::path& file);
  AttributeRuler(AttributeRuler&&) = default;  // a copy's verdicts would point into the original
  AttributeRuler& operator=(AttributeRuler&&) = default;

  /// A string as the rules see it: kUnknown when no rule mentions it.
  using Symbol = std::uint16_t;
  static constexpr Symbol kUnknown = 0;
  Symbol symbol(std::string_view text) const;

  /// A token before the rules. `dependency` is the symbol of "" without the parser.
  struct Token {
    Symbol tag, lower, dependency;
    bool is_space;
  };

  /// What the rules say about a token; nothing where they are silent. The strings live as long as the ruler.
  struct Verdict {
    std::optional<PartOfSpeech> pos;
    std::optional<std::string_view> tag, dependency;
  };

  /// The verdict on token `position` of a document; a later rule overrides an earlier one.
  Verdict judge(const std::vector<Token>& tokens, std::size_t position) const;

 private:
  enum class Attribute : std::uint8_t { tag, lower, dependency, is_space };
  /// Holds when (the token's value is among `values`) != negated.
  struct Condition {
    Attribute attribute;
    bool negated;
    std::vector<Symbol> values;
  };
  using TokenPattern = std::vector<Condition>;
  struct Rule {
    std::vector<TokenPattern> tokens;
    std::size_t target;  // index of the token that the verdict is about
    Verdict verdict;
  };

  class Reader;

  AttributeRuler() = default;
  static bool holds(const Condition& condition, const Token& token);
  static bool matches(const Rule& rule, const std::vector<Token>& tokens, std::size_t position);
  void index_rules_by_tag();

  StringMap<Symbol> symbols_;
  std::vector<Rule> rules_;
  std::vector<std::vector<const Rule*>> rules_by_tag_;  // those that the target's tag allows, last rule first
};

}  // namespace conceptune::words
