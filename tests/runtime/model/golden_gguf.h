// A model as llama.cpp's convert_hf_to_gguf.py writes it: GGUF names, the rows of Llama's queries and keys
// interleaved (LlamaModel.permute), Llama 3's rotary scaling as divisors (generate_extra_tensors).
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "conceptune/runtime/weights/weight_store.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

inline std::vector<float> llama3_rope_divisors(const weights::ModelConfig& config) {
  const auto& scaling = *config.rope_scaling;
  std::vector<float> divisors;
  for (std::int64_t i = 0; i < config.head_size; i += 2) {
    const double frequency = std::pow(config.rope_base, -static_cast<double>(i) / config.head_size);
    const double turns = static_cast<double>(scaling.original_context) * frequency / (2 * std::numbers::pi);
    const double smooth = std::clamp((turns - scaling.low_frequency_factor) /
                                         (scaling.high_frequency_factor - scaling.low_frequency_factor),
                                     0.0, 1.0);
    divisors.push_back(static_cast<float>(1 / ((1 - smooth) / scaling.factor + smooth)));
  }
  return divisors;
}

/// Rows that lie half after half of each head, as llama.cpp puts them: pair after pair.
inline model::Matrix interleaved(const model::Matrix& matrix, std::int64_t head_size) {
  std::vector<std::int64_t> rows;
  for (std::int64_t head = 0; head < matrix.rows(); head += head_size)
    for (std::int64_t i = 0; i < head_size / 2; ++i)
      rows.insert(rows.end(), {head + i, head + head_size / 2 + i});
  return model::rows_of(matrix, rows);
}

inline std::string as_gguf(const weights::WeightStore& store) {
  const weights::ModelConfig& config = store.config();
  GgufBuilder gguf = weights::tiny_metadata(config);
  for (const auto& expected : weights::expected_tensors(config)) {
    model::Matrix values = store.load(expected.name);
    if (expected.interleaved) values = interleaved(values, config.head_size);
    gguf.floats(expected.gguf_name, expected.shape, values_of(values));
  }
  if (config.rope_scaling)
    gguf.floats("rope_freqs.weight", {config.head_size / 2}, llama3_rope_divisors(config));
  return gguf.content();
}

}  // namespace conceptune::test
