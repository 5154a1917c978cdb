// Rotary position embedding (Su et al., "RoFormer", 2021) in the "rotate half" layout of Hugging Face models.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::model {

/// Angle per position of each of a head's K/2 rotary pairs: rope_base^(-2i/K), then scaled by rope_scaling
/// (transformers' modeling_rope_utils.py, _compute_llama3_parameters) or divided by rope_divisors.
std::vector<double> rope_frequencies(const weights::ModelConfig& config);

/// What GGUF has in the place of rope_scaling (rope_freqs.weight): how many times slower each pair turns than
/// without it; empty without scaling.
std::vector<float> rope_divisors_of(const weights::ModelConfig& config);

/// The rope_scaling whose divisors these are, as far as float32 tells: that of Llama 3.x over any context
/// that is a power of two. Nothing where there is none.
std::optional<weights::RopeScaling> rope_scaling_of(const weights::ModelConfig& config);

/// Cosine and sine of every token's angles; one row a token, one column a pair.
struct Rotation {
  Matrix cos_NP, sin_NP;  // P = K/2
};

/// The rotation of tokens at these positions; `frequencies` as rope_frequencies() gives them. Angles
/// are float32 products, as transformers computes them.
Rotation rotation_at(const std::vector<double>& frequencies, std::span<const std::int32_t> positions);

}  // namespace conceptune::model
