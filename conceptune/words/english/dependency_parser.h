// The greedy dependency parser (spacy/pipeline/transition_parser.pyx with beam width 1): a network chooses
// one transition after the other.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/words/english/parser_network.h"
#include "conceptune/words/english/parser_state.h"
#include "conceptune/words/english/projectivity.h"
#include "conceptune/words/english/token_encoder.h"

namespace conceptune::words {

/// A parsed document: heads (a root is its own), labels as numbers, where sentences start.
struct Parse {
  DependencyForest forest;
  std::vector<bool> sentence_start;
};

/// Immutable after loading and thread-safe.
class DependencyParser {
 public:
  /// Reads `model`, `moves` and `cfg` in the folder `parser`. Throws InputError when one is malformed.
  static DependencyParser load(const std::filesystem::path& folder);

  /// Names of the labels; a label's number is its index.
  const std::vector<std::string>& labels() const { return labels_; }

  /// The network's classes in order, as "SHIFT", "LEFT nsubj", …
  std::vector<std::string> class_names() const;

  /// Parses a document. `is_space` tells which tokens are white space. `smallest_margin`, unless null, is
  /// lowered to the smallest difference between the best and the second-best score of any transition.
  Parse parse(const TokenEncoder::Document& document, const std::vector<bool>& is_space,
              float* smallest_margin = nullptr) const;

 private:
  /// One class of the network's output. Classes of one action stand together.
  struct Transition {
    ParserAction action;
    std::uint16_t label;
  };
  struct ClassRange {
    std::size_t begin = 0, end = 0;
  };

  explicit DependencyParser(ParserNetwork network);

  void read_transitions(const std::filesystem::path& moves);
  std::uint16_t label_number(std::string_view label);
  void find_decorations();
  const Transition& choose(const ParserState& state, std::span<const float> scores,
                           float* smallest_margin) const;
  Parse finish(const ParserState& state, const std::vector<bool>& is_space) const;

  ParserNetwork network_;
  std::vector<Transition> transitions_;
  std::array<ClassRange, kParserActions> classes_of_action_;
  std::vector<std::string> labels_;
  std::vector<std::optional<Decoration>> decorations_;
  std::uint16_t root_label_ = 0;
};

}  // namespace conceptune::words
