// A model's configuration in the formats that models come in.
#pragma once

#include "conceptune/base/gguf_values.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::weights {

/// A config.json from which config_from_json() reads the same; GGUF's divisors of rotary frequencies, which
/// it has no place for, are left out.
Json config_to_json(const ModelConfig& config);

/// Sets general.* and the architecture's keys, from which config_from_gguf() reads the same; a scaling of
/// rotary frequencies is not metadata there but the tensor rope_freqs.weight.
void set_config(const ModelConfig& config, GgufValues& values);

}  // namespace conceptune::weights
