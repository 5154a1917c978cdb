// The tensors of each model family: their names in Hugging Face and GGUF files and the shapes expected of
// them. A family is added here and in model_config.cpp (docs/adding-a-model-family.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::weights {

/// One tensor a model must have.
struct ExpectedTensor {
  std::string name;                 ///< Hugging Face's, e.g. "model.layers.0.self_attn.q_proj.weight"
  std::string gguf_name;            ///< e.g. "blk.0.attn_q.weight"
  std::vector<std::int64_t> shape;  ///< in PyTorch's order, e.g. {out, in}
  /// Whether llama.cpp's conversion interleaves the rows of each head (its LlamaModel.permute).
  bool interleaved = false;
};

/// All tensors of a model: embedding, layers in order, final norm, and the head where it is not tied.
std::vector<ExpectedTensor> expected_tensors(const ModelConfig& config);

/// Whether a file may hold this tensor though no computation reads it (precomputed rotary tables).
bool is_ignorable(std::string_view name);

/// "[576, 192]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace conceptune::weights
