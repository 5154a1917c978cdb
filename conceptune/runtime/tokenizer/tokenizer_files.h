// A tokenizer in the other format: the files of a Hugging Face folder from a GGUF, and a GGUF's metadata from
// such a folder.
#pragma once

#include <cstdint>
#include <filesystem>

#include "conceptune/base/gguf.h"
#include "conceptune/base/gguf_values.h"
#include "conceptune/base/json.h"

namespace conceptune::tokenizer {

struct TokenizerFiles {
  Json tokenizer;  ///< tokenizer.json
  Json config;     ///< tokenizer_config.json, with the chat template
};

/// Encodes as the GGUF does, but for what its format leaves out: Qwen's texts are brought to NFC first, as
/// its own tokenizer.json does. Throws InputError as definition_from_gguf(), and for splitting that no
/// tokenizer.json of the families does.
TokenizerFiles tokenizer_files_of(const GgufFile& file);

/// Sets `tokenizer.ggml.*` and the chat template from tokenizer.json and the files beside it, for a model
/// with `vocabulary` rows in its embedding; rows without a token get an unused one, as llama.cpp's conversion
/// gives them. Throws InputError as definition_from_json(), and for what llama.cpp would do otherwise: other
/// splitting, whole pieces first where it does not, added tokens that take white space.
void set_tokenizer(const std::filesystem::path& folder, std::int64_t vocabulary, GgufValues& values);

}  // namespace conceptune::tokenizer
