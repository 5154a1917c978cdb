// The tokens of a model: bytes, kinds, and finding one by its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::tokenizer {

using TokenId = std::int32_t;

/// How a token comes about.
enum class TokenKind : std::uint8_t {
  normal,   // made by merges
  added,    // found in any text before everything else
  special,  // found in text only when the caller parses special tokens; never made by merges
  unused,   // a number without a text
};

/// Immutable after construction.
class Vocabulary {
 public:
  /// No two normal tokens have the same bytes (the later would never be found). `pieces_too`: tokens of other
  /// kinds that find() finds as well.
  Vocabulary(std::vector<std::string> tokens, std::vector<TokenKind> kinds,
             const std::vector<TokenId>& pieces_too = {});

  std::size_t size() const { return tokens_.size(); }
  const std::string& bytes(TokenId id) const { return tokens_[static_cast<std::size_t>(id)]; }
  TokenKind kind(TokenId id) const { return kinds_[static_cast<std::size_t>(id)]; }

  /// The normal token with these bytes, or one of `pieces_too`, or -1.
  TokenId find(std::string_view bytes) const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    TokenId id = -1;
  };

  void place(TokenId id);

  std::vector<std::string> tokens_;
  std::vector<TokenKind> kinds_;
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
};

}  // namespace conceptune::tokenizer
