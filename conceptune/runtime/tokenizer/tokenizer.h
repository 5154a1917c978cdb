// Byte-level BPE tokenizers of the model families, read from GGUF or Hugging Face files.
//
// Ids equal llama.cpp's for GGUF files and Hugging Face tokenizers' for tokenizer.json; offsets are those of
// Hugging Face. Texts must be valid UTF-8 of less than 4 GiB.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::tokenizer {

/// Characters (Unicode code points) of a text, half-open.
struct Span {
  std::uint32_t begin, end;

  bool operator==(const Span&) const = default;
};

/// Tokens of a text. A token that holds only a part of a character's bytes has the whole character as its
/// span, so spans of neighbours can overlap.
struct Encoding {
  std::vector<TokenId> ids;
  std::vector<Span> offsets;
};

struct TokenizerDefinition;

/// Immutable and thread-safe.
class Tokenizer {
 public:
  /// From a .gguf file, a tokenizer.json, or a folder that holds a tokenizer.json or one .gguf file.
  /// Throws InputError for a file that cannot be used.
  static std::shared_ptr<const Tokenizer> load(const std::filesystem::path& model);

  explicit Tokenizer(TokenizerDefinition definition);
  ~Tokenizer();

  /// Tokens of `text` without begin token. Special tokens written in the text become those tokens only with
  /// `parse_special`; otherwise they are text like any other. Throws InputError for invalid UTF-8.
  Encoding encode(std::string_view text, bool parse_special = false) const;
  /// The ids alone.
  std::vector<TokenId> encode_ids(std::string_view text, bool parse_special = false) const;

  /// The text of tokens; bytes that form no valid character become U+FFFD. `skip_special` leaves special
  /// tokens out. Throws InputError for an id outside the vocabulary.
  std::string decode(std::span<const TokenId> ids, bool skip_special = false) const;

  /// The raw bytes of one token (" word"), which may be a part of a character. 0 <= id < size().
  const std::string& token_bytes(TokenId id) const;

  /// Number of tokens in the vocabulary.
  std::size_t size() const;
  /// The token that begins every text, where the tokenizer itself adds one (Llama 3 does; SmolLM2, Qwen do
  /// not).
  std::optional<TokenId> begin_token() const;
  /// A text's ids as the model reads them: the begin token, where there is one, and then `ids`.
  std::vector<TokenId> with_begin(std::span<const TokenId> ids) const;
  /// How many ids with_begin() puts before a text: 0 or 1.
  std::size_t leading_tokens() const { return begin_token() ? 1 : 0; }
  /// The text of the token that the model's files call its begin token, whether or not one is added.
  std::optional<std::string> begin_token_text() const;
  /// The token that ends a text.
  std::optional<TokenId> end_token() const;
  bool is_special(TokenId id) const;

  /// SHA-256 over everything that decides ids.
  std::string hash() const;

  /// The Jinja template of the model's chat format (see chat_template.h).
  const std::optional<std::string>& chat_template() const { return chat_template_; }
  /// The same tokenizer, with another template.
  std::shared_ptr<const Tokenizer> with_chat_template(std::string chat_template) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;  // shared by tokenizers that differ in their templates
  std::optional<std::string> chat_template_;
};

}  // namespace conceptune::tokenizer
