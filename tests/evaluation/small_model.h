// A small model for tests: random weights, and a tokenizer whose tokens are single bytes.
#pragma once

#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::test {

inline constexpr tokenizer::TokenId kSeparator = 256;

/// Tokens 0 to 255 are bytes, 256 is <|endoftext|>. `begin` is what the tokenizer itself puts before texts.
inline tokenizer::Tokenizer byte_tokenizer(std::optional<tokenizer::TokenId> begin = std::nullopt) {
  tokenizer::TokenizerDefinition definition;
  for (int byte = 0; byte < 256; ++byte) {
    definition.tokens.emplace_back(1, static_cast<char>(byte));
    definition.kinds.push_back(tokenizer::TokenKind::normal);
  }
  definition.tokens.emplace_back("<|endoftext|>");
  definition.kinds.push_back(tokenizer::TokenKind::special);
  definition.added = {{{kSeparator, "<|endoftext|>", /*special=*/true}}, /*special_hides=*/false};
  definition.splitters.push_back(tokenizer::gpt2_splitter());
  definition.begin_token = begin;
  return tokenizer::Tokenizer(std::move(definition));
}

inline weights::ModelConfig byte_config() {
  weights::ModelConfig config = small_config();
  config.vocabulary = 257;
  config.context_length = 40;
  return config;
}

inline model::Decoder byte_decoder() { return {byte_config(), random_weights(byte_config())}; }

}  // namespace conceptune::test
