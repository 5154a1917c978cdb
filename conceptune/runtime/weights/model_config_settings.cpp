// Settings of model files that are not read into a ModelConfig: which have no effect here, and which must
// have the one value that is computed. All others are refused by name.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/model_config_parts.h"

namespace conceptune::weights {
namespace {

// Of config.json. What transformers reads of it for these families is in configuration_llama.py,
// configuration_qwen2.py and configuration_qwen3.py; what it reads for every model, in
// configuration_utils.py.
constexpr std::string_view kRead[] = {
    "model_type",  "architectures",       "num_hidden_layers",   "hidden_size",
    "head_dim",    "num_attention_heads", "num_key_value_heads", "intermediate_size",
    "vocab_size",  "rms_norm_eps",        "tie_word_embeddings", "max_position_embeddings",
    "rope_theta",  "rope_scaling",        "rope_parameters",     "original_max_position_embeddings",
    "layer_types", "sliding_window",      "quantization_config",
};

constexpr std::string_view kIgnored[] = {
    // where the file comes from and what it may be loaded with
    "_name_or_path",
    "name_or_path",
    "_commit_hash",
    "transformers_version",
    "torch_dtype",
    "dtype",
    "tokenizer_class",
    "prefix",
    "torchscript",
    "use_bfloat16",
    "tf_legacy_loss",
    "attn_implementation",
    "_attn_implementation",
    "_attn_implementation_internal",
    "_attn_implementation_autoset",
    "_flash_attn_2_enabled",
    "experts_implementation",
    "_experts_implementation_internal",
    "transformers.js_config",
    "is_llama_config",
    "unsloth_fixed",
    "unsloth_version",
    "model_max_length",
    "max_sequence_length",
    "pretraining_tp",
    // training
    "initializer_range",
    "attention_dropout",
    "gradient_checkpointing",
    "neftune_noise_alpha",
    // tokens and what is generated
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "sep_token_id",
    "unk_token_id",
    "mask_token_id",
    "decoder_start_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "suppress_tokens",
    "begin_suppress_tokens",
    "use_cache",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
    "epsilon_cutoff",
    "eta_cutoff",
    "repetition_penalty",
    "encoder_repetition_penalty",
    "length_penalty",
    "diversity_penalty",
    "no_repeat_ngram_size",
    "encoder_no_repeat_ngram_size",
    "bad_words_ids",
    "num_return_sequences",
    "num_beams",
    "num_beam_groups",
    "max_length",
    "max_new_tokens",
    "min_length",
    "do_sample",
    "early_stopping",
    "remove_invalid_values",
    "exponential_decay_length_penalty",
    "assistant_lookbehind",
    "assistant_confidence_threshold",
    "target_lookbehind",
    "num_assistant_tokens",
    "num_assistant_tokens_schedule",
    // what is returned, other tasks' heads
    "output_hidden_states",
    "output_attentions",
    "output_scores",
    "return_dict",
    "return_dict_in_generate",
    "tie_last_hidden_states",
    "id2label",
    "label2id",
    "num_labels",
    "problem_type",
    "finetuning_task",
    "task_specific_params",
    "is_decoder",
    "chunk_size_feed_forward",
    // read with use_sliding_window alone
    "max_window_layers",
};

/// A setting that has to have one value, as JSON.
struct Fixed {
  std::string_view key;
  const char* value;
};

constexpr Fixed kFixed[] = {
    {"hidden_act", R"("silu")"},
    {"activation", R"("swiglu")"},  // beside hidden_act, in Falcon 3
    {"attention_bias", "false"},
    {"mlp_bias", "false"},
    {"bias", "false"},
    {"is_causal", "true"},
    {"use_sliding_window", "false"},
    {"use_mrope", "false"},
    {"rope_interleaved", "false"},
    {"partial_rotary_factor", "1"},
    {"is_encoder_decoder", "false"},
    {"add_cross_attention", "false"},
    {"tie_encoder_decoder", "false"},
    {"pruned_heads", "{}"},
};

// Of GGUF, below the architecture's name (llama.cpp, gguf-py/gguf/constants.py).
constexpr std::string_view kReadOfGguf[] = {
    "block_count",         "embedding_length",        "attention.head_count",
    "vocab_size",          "attention.head_count_kv", "attention.key_length",
    "feed_forward_length", "attention.value_length",  "attention.layer_norm_rms_epsilon",
    "context_length",      "rope.freq_base",          "rope.dimension_count",
    "rope.scaling.type",   "attention.causal",        "rope.scaling.factor",
    "rope.scale_linear",
};
constexpr std::string_view kIgnoredOfGguf[] = {
    "tensor_data_layout",
    "use_parallel_residual",  // true in early conversions of Qwen; llama.cpp does not read it for these
                              // families
    // read with a rope.scaling.type alone
    "rope.scaling.original_context_length",
    "rope.scaling.finetuned",
};

template <std::size_t kCount>
bool has(const std::string_view (&names)[kCount], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

std::string shown(const Json& value) {
  constexpr std::size_t kMost = 80;
  const std::string text = to_json_text(value);
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

/// Whether a number is 0, a flag false, a text or an array empty.
bool says_nothing(const GgufValue& value) {
  if (value.is_array) return value.count == 0;
  if (value.type == GgufType::string) return value.strings[0].empty();
  return std::ranges::all_of(value.bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

void check_json_settings(const Json& config, std::string_view where) {
  for (const auto& [key, value] : config.items()) {
    if (value.is_null() || has(kRead, key) || has(kIgnored, key)) continue;
    const auto* fixed = std::ranges::find(kFixed, key, &Fixed::key);
    if (fixed == std::end(kFixed))
      throw InputError(
          kReadingConfig, where,
          fmt::format("\"{}\": is {}, a setting that is not known here and may change what the model "
                      "computes; one that does not can be taken out of the file",
                      key, shown(value)));
    if (value != Json::parse(fixed->value))
      throw InputError(kReadingConfig, where,
                       fmt::format("\"{}\": is {}, expected {}", key, shown(value), fixed->value));
  }
}

void check_gguf_settings(const GgufFile& file, const std::string& prefix) {
  for (const auto& [key, value] : file.metadata()) {
    if (!key.starts_with(prefix)) continue;
    const std::string_view name = key.substr(prefix.size());
    if (has(kReadOfGguf, name) || has(kIgnoredOfGguf, name) || says_nothing(value)) continue;
    throw InputError(
        kReadingConfig, file.name(),
        fmt::format("'{}' is {}, a setting that is not known here and may change what the model computes",
                    key, value.text()));
  }
}

}  // namespace conceptune::weights
