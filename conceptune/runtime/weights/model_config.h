// What a decoder of the Llama family is made of, read from config.json or GGUF metadata.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/gguf.h"
#include "conceptune/base/json.h"

namespace conceptune::weights {

/// Architectures that differ in tensors or arithmetic. Llama 2, Llama 3.x, SmolLM2 and Falcon 3 are llama.
enum class Family { llama, qwen2, qwen3 };

/// Name as config.json ("model_type") and GGUF ("general.architecture") spell it.
std::string_view name_of(Family family);
/// transformers' class of it, as `architectures` names it: "Qwen2ForCausalLM".
std::string_view architecture_of(Family family);

/// Rotary frequencies of Llama 3.1 and later (transformers' modeling_rope_utils.py, "llama3").
struct RopeScaling {
  double factor;
  double low_frequency_factor;
  double high_frequency_factor;
  std::int64_t original_context;
};

struct ModelConfig {
  Family family = Family::llama;
  std::string name;  ///< for people: general.name of a GGUF, the folder's name otherwise
  std::int64_t layers = 0;
  std::int64_t width = 0;       ///< of the residual stream (hidden_size)
  std::int64_t heads = 0;       ///< query heads, a multiple of kv_heads
  std::int64_t kv_heads = 0;    ///< key/value heads
  std::int64_t head_size = 0;   ///< even; heads * head_size may differ from width
  std::int64_t mlp_width = 0;   ///< intermediate_size
  std::int64_t vocabulary = 0;  ///< rows of the embedding, which may exceed the tokenizer's size
  std::int64_t context_length = 0;
  double rope_base = 10000;
  std::optional<RopeScaling> rope_scaling;  ///< from config.json
  std::vector<float> rope_divisors;  ///< GGUF's form of the same (rope_freqs.weight): K/2 values or none
  double norm_epsilon = 1e-5;
  bool tied_head = false;  ///< the output head is the embedding
  bool qkv_bias = false;
  bool qk_norm = false;  ///< RMSNorm over each query and key head
};

/// Configuration in a Hugging Face config.json, without a name; `where` names the file in messages.
/// Understood are
///   model_type, architectures (the family's ForCausalLM), hidden_size, intermediate_size, num_hidden_layers,
///   num_attention_heads, num_key_value_heads, head_dim, vocab_size, max_position_embeddings, rms_norm_eps,
///   tie_word_embeddings, rope_theta with rope_scaling, or rope_parameters (rope_type "default" or "llama3",
///   no setting of another type), layer_types ("full_attention" throughout).
/// Throws InputError for an unknown model_type, a missing or out-of-range value, two values that contradict
/// each other, and any further setting by its name, unless it is known to have no effect here or has the one
/// value that is computed (model_config_settings.cpp lists both).
ModelConfig config_from_json(const Json& config, std::string_view where);

/// Configuration in a GGUF's metadata; the same errors, for the keys of its architecture.
ModelConfig config_from_gguf(const GgufFile& file);

}  // namespace conceptune::weights
