// The state of the transition-based parser (spacy/pipeline/_parser_internals, arc-eager with non-monotonic
// repairs and sentence breaks): a stack, the tokens that are still to come, and the arcs found so far.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace conceptune::words {

/// In the order of their numbers in the model's files.
enum class ParserAction : std::uint8_t { shift, reduce, left, right, stop_sentence };
inline constexpr std::size_t kParserActions = 5;

/// Token indices are 0 … tokens − 1; kNone stands for "no token".
class ParserState {
 public:
  static constexpr std::int32_t kNone = -1;
  static constexpr std::size_t kContextTokens = 8;

  explicit ParserState(std::int32_t tokens);

  bool is_final() const { return stack_.empty() && buffered() == 0; }

  /// The tokens that the network looks at: the next two, the top three of the stack, the newest left child of
  /// the next token, the newest left and right child of the stack's top.
  std::array<std::int32_t, kContextTokens> context() const;

  bool is_valid(ParserAction action) const;
  /// Does a valid action; `label` is that of the arc, for left and right.
  void apply(ParserAction action, std::uint16_t label);

  /// Head of each token, kNone for roots; labels of the arcs, meaningful where there is a head.
  const std::vector<std::int32_t>& heads() const { return heads_; }
  const std::vector<std::uint16_t>& labels() const { return labels_; }

 private:
  std::int32_t stack(std::size_t depth) const;
  std::int32_t buffer(std::size_t offset) const;
  std::size_t buffered() const { return static_cast<std::size_t>(size_ - next_) + returned_.size(); }
  bool starts_sentence(std::int32_t token) const {
    return sentence_start_[static_cast<std::size_t>(token)] != 0;
  }

  void push();
  void reduce();
  void add_arc(std::int32_t head, std::int32_t child, std::uint16_t label);

  std::int32_t size_;
  std::int32_t next_ = 0;  // first token never on the stack so far
  std::vector<std::int32_t> stack_;
  std::vector<std::int32_t> returned_;  // taken back from the stack, to come before next_; the last one first
  std::vector<std::int32_t> heads_;
  std::vector<std::uint16_t> labels_;
  // Children of a token as linked lists, newest first.
  std::vector<std::int32_t> newest_left_, newest_right_, previous_sibling_;
  std::vector<std::uint8_t> unshiftable_, sentence_start_;
};

}  // namespace conceptune::words
