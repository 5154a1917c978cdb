// Pre-tokenization: text is cut into pieces, and byte-pair merges never cross a cut. Hand-written equivalents
// of the regular expressions of the model families, each in linear time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::tokenizer {

/// One stage of pre-tokenization. Immutable, thread-safe.
class Splitter {
 public:
  virtual ~Splitter() = default;

  /// Appends the ends (byte positions) of the pieces of text[begin, end), in order; the last is `end`.
  /// `text` is valid UTF-8; begin < end.
  virtual void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
                     std::vector<std::uint32_t>& ends) const = 0;

  /// What it does, in one line; equal lines mean equal cuts.
  virtual std::string description() const = 0;
};

/// GPT-2: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::unique_ptr<Splitter> gpt2_splitter();

/// Llama 3 (max_digits 3) and Qwen 2 (1): (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|
/// \p{N}{1,max_digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
std::unique_ptr<Splitter> llama3_splitter(int max_digits);

/// \p{N} each by itself, or \p{N}+.
std::unique_ptr<Splitter> number_splitter(bool each_by_itself);

/// The same seen on GPT-2's byte alphabet, for stages after byte-level mapping: ASCII digits and the bytes
/// that the alphabet writes as numbers. Cuts can fall inside a character.
std::unique_ptr<Splitter> byte_number_splitter(bool each_by_itself);

/// Runs of [\p{P}$+<=>^`|~] (Falcon), or each by itself.
std::unique_ptr<Splitter> punctuation_splitter(bool each_by_itself);

/// [0-9][0-9][0-9] (Falcon): runs of ASCII digits in groups of three from the left.
std::unique_ptr<Splitter> three_digit_splitter();

/// The splitter for a pattern as tokenizer.json files write it: hand-written where known, else by PCRE2.
std::unique_ptr<Splitter> splitter_of_pattern(std::string_view pattern);

using SplitterChain = std::vector<std::unique_ptr<const Splitter>>;

/// The stages for a GGUF file's `tokenizer.ggml.pre`; empty when the name is unknown.
SplitterChain splitters_of_gguf_name(std::string_view name);
/// The name under which llama.cpp splits in these stages; nothing where it has none here.
std::optional<std::string> gguf_name_of(const SplitterChain& stages);
/// The names that splitters_of_gguf_name knows, for messages.
std::string known_gguf_splitter_names();

/// Ends of the pieces after all stages.
std::vector<std::uint32_t> split_all(const SplitterChain& stages, std::string_view text);

}  // namespace conceptune::tokenizer
