// What the readers of config.json and of GGUF metadata share.
//
// Limits: at most 1,024 layers, heads and numbers a head, a width of 2^17, an MLP width of 2^20, 2^22 tokens,
// a context of 2^26; a config.json of 256 MiB, 64 levels, no key twice.
#pragma once

#include <string>
#include <string_view>

#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::weights {

/// Begins the message of every error about a configuration.
inline constexpr std::string_view kReadingConfig = "reading model configuration";

/// The family of that name; InputError says which there are.
Family family_named(std::string_view name, std::string_view where);

/// Sets what follows from the family alone.
void set_family_traits(ModelConfig& config);

/// Throws InputError when a value is out of range or two contradict each other.
void check_config(const ModelConfig& config, std::string_view where);

/// Throws InputError for a setting of config.json that is neither read nor known to have no effect.
void check_json_settings(const Json& config, std::string_view where);
/// The same for the keys of a GGUF's metadata that begin with `prefix`, e.g. "llama.".
void check_gguf_settings(const GgufFile& file, const std::string& prefix);

/// Head size where a file gives none: width / heads, which must divide.
std::int64_t default_head_size(const ModelConfig& config, std::string_view where);

}  // namespace conceptune::weights
