// What a model file says about its tokenizer, before it is put to use.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/gguf.h"
#include "conceptune/runtime/tokenizer/byte_pair_encoder.h"
#include "conceptune/runtime/tokenizer/splitter.h"
#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

struct TokenizerDefinition {
  std::vector<std::string> tokens;  // bytes, by id
  std::vector<TokenKind> kinds;     // by id
  std::vector<Merge> merges;        // by rank
  MergeOptions merge_options;
  SplitterChain splitters;
  std::optional<TokenId> begin_token, end_token;
  std::optional<std::string> chat_template;
};

/// Reads `tokenizer.ggml.*` of a GGUF file (byte-level BPE: tokenizer.ggml.model "gpt2"). Throws InputError.
TokenizerDefinition definition_from_gguf(const GgufFile& file);

/// Limit on the number of tokens: above every real vocabulary, and an id fits with room in 32 bits.
inline constexpr std::size_t kMaxTokens = std::size_t{1} << 24;

}  // namespace conceptune::tokenizer
