// Unicode normalization form C with the place of every character in the original text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::tokenizer {

/// A normalized text; its character i comes from character source[i] of the original (of a composed
/// character: the first of those that it was composed from, as Hugging Face tokenizers count).
struct NormalizedText {
  std::string text;
  std::vector<std::uint32_t> source;
};

/// The NFC form of valid UTF-8, or nothing when the text is seen at a glance to be in it already. By
/// utf8proc's version of Unicode; Hugging Face tokenizers goes by Unicode 9, so that newer marks can end in
/// another order there.
std::optional<NormalizedText> normalize_nfc(std::string_view text);

}  // namespace conceptune::tokenizer
