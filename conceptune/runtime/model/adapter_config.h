// adapter_config.json of a LoRA adapter, in PEFT's format. A setting that is not understood, or has a value
// that is not, is refused by name: PEFT keeps many methods in this one file, and their adapters look alike.
//
// Of LoraConfig (peft 0.1 to 0.21):
// understood    r, lora_alpha, use_rslora, rank_pattern and alpha_pattern (plain names of modules),
// lora_dropout,
//               init_lora_weights (what leaves the base as it is), target_modules, exclude_modules,
//               layers_to_transform, layers_pattern; peft_type "LORA" and bias "none"
// no effect     on an adapter that is loaded: base_model_name_or_path, revision, task_type, auto_mapping,
//               inference_mode, peft_version, runtime_config, merge_weights; megatron_core and
//               qalora_group_size without their methods; loftq_config, eva_config, corda_config and
//               lora_ga_config, which only init_lora_weights reads
// must be off   everything else: use_dora, use_qalora, lora_bias, fan_in_fan_out, modules_to_save,
//               layer_replication, trainable_token_indices, target_parameters, alora_invocation_tokens, …
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::model {

/// A number for all modules that a name fits: "q_proj", "self_attn.q_proj", "^model.layers.0.mlp.up_proj".
struct ModuleNumber {
  std::string name;
  double value;
};

/// Which modules the settings say are adapted; the tensors of the file decide where they are a pattern.
struct ModuleChoice {
  bool is_pattern = false;                          ///< a regular expression, which is not evaluated
  std::vector<std::string> targets, excluded;       ///< names, or their last parts
  std::optional<std::vector<std::int64_t>> layers;  ///< nothing: all
};

struct AdapterConfig {
  std::int64_t rank = 0;  ///< 1 to 4096
  double alpha = 0;       ///< at least 0
  double dropout = 0;     ///< below 1; in training only
  bool rank_stabilised = false;
  std::vector<ModuleNumber> ranks, alphas;  ///< of modules that differ; the first that fits holds
  ModuleChoice choice;

  /// Of a module by its full name in the base ("model.layers.0.self_attn.q_proj").
  std::int64_t rank_of(std::string_view module) const;
  double alpha_of(std::string_view module) const;
  /// Whether the settings adapt that module of that layer; nothing where they do not tell.
  std::optional<bool> adapts(std::string_view module, std::int64_t layer) const;
};

/// `where` names the file in messages. Throws InputError that names the setting and its value.
AdapterConfig adapter_config_from_json(const Json& config, std::string_view where);

}  // namespace conceptune::model
