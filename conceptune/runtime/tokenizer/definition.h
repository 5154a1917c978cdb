// What a model file says about its tokenizer, before it is put to use.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/gguf.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/byte_pair_encoder.h"
#include "conceptune/runtime/tokenizer/splitter.h"
#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

/// Which spaces at a token's ends are left out of its span (Hugging Face's trim_offsets).
enum class OffsetTrim {
  none,
  all,
  all_but_first,  // a single space that begins the text stays (its add_prefix_space)
};

struct TokenizerDefinition {
  std::vector<std::string> tokens;  // bytes, by id
  std::vector<TokenKind> kinds;     // by id
  AddedTokens added = {{}, false};  // of kind added or special, those that text can become
  std::vector<TokenId> pieces_too;  // added tokens that merges can make as well
  std::vector<Merge> merges;        // by rank
  MergeOptions merge_options;
  SplitterChain splitters;
  bool normalize_nfc = false;  // before everything but the first search for added tokens (Qwen)
  OffsetTrim offset_trim = OffsetTrim::none;
  std::optional<TokenId> begin_token, end_token;
  std::optional<std::string> begin_token_text;  // also where no begin token is added
  std::optional<std::string> chat_template;
};

/// Reads `tokenizer.ggml.*` of a GGUF file (byte-level BPE: tokenizer.ggml.model "gpt2"). Throws InputError.
TokenizerDefinition definition_from_gguf(const GgufFile& file);

/// Reads a tokenizer.json of Hugging Face tokenizers (byte-level BPE) and, from the files beside it, the end
/// token (tokenizer_config.json, else config.json) and chat template (chat_template.jinja, else
/// tokenizer_config.json). Throws InputError for anything whose meaning is not implemented here: nothing is
/// silently left out. Limits: kMaxJsonBytes, 64 levels; no path that a file names is ever followed.
TokenizerDefinition definition_from_json(const std::filesystem::path& path);
/// The tokenizer.json alone, from memory; `where` stands for the path in messages.
TokenizerDefinition definition_from_json_text(std::string_view text, std::string_view where);

/// The part of definition_from_json that reads the files beside the tokenizer.json; absent ones say nothing.
void read_companion_files(const std::filesystem::path& folder, TokenizerDefinition& definition);

/// Above every real tokenizer.json (Llama 3: 17 MB).
inline constexpr std::size_t kMaxJsonBytes = std::size_t{1} << 28;

/// Limit on the number of tokens: above every real vocabulary, and an id fits with room in 32 bits.
inline constexpr std::size_t kMaxTokens = std::size_t{1} << 24;

}  // namespace conceptune::tokenizer
