#include "conceptune/runtime/model/rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {
namespace {

double scaled_frequency(double frequency, const weights::RopeScaling& scaling) {
  const double wavelength = 2 * std::numbers::pi / frequency;
  const auto context = static_cast<double>(scaling.original_context);
  if (wavelength < context / scaling.high_frequency_factor) return frequency;
  if (wavelength > context / scaling.low_frequency_factor) return frequency / scaling.factor;
  const double smooth = (context / wavelength - scaling.low_frequency_factor) /
                        (scaling.high_frequency_factor - scaling.low_frequency_factor);
  return (1 - smooth) * frequency / scaling.factor + smooth * frequency;
}

}  // namespace

std::vector<double> rope_frequencies(const weights::ModelConfig& config) {
  std::vector<double> frequencies(config.head_size / 2);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(config.head_size);
    frequencies[i] = std::pow(config.rope_base, exponent);
    if (config.rope_scaling) frequencies[i] = scaled_frequency(frequencies[i], *config.rope_scaling);
    if (!config.rope_divisors.empty()) frequencies[i] /= config.rope_divisors[i];
  }
  return frequencies;
}

std::vector<float> rope_divisors_of(const weights::ModelConfig& config) {
  if (!config.rope_scaling) return config.rope_divisors;
  weights::ModelConfig unscaled = config;
  unscaled.rope_scaling.reset();
  const auto scaled = rope_frequencies(config), original = rope_frequencies(unscaled);
  std::vector<float> divisors(scaled.size());
  for (std::size_t i = 0; i < divisors.size(); ++i) divisors[i] = static_cast<float>(original[i] / scaled[i]);
  return divisors;
}

std::optional<weights::RopeScaling> rope_scaling_of(const weights::ModelConfig& config) {
  if (config.rope_scaling || config.rope_divisors.empty()) return config.rope_scaling;
  constexpr double kTolerance = 1e-5;  // llama.cpp's conversion computes them in float32
  weights::ModelConfig guess = config;
  guess.rope_divisors.clear();
  const double factor = *std::ranges::max_element(config.rope_divisors);
  for (std::int64_t context = 32; context <= (1 << 20); context *= 2) {
    guess.rope_scaling = {factor, 1, 4, context};
    const auto divisors = rope_divisors_of(guess);
    if (std::ranges::equal(divisors, config.rope_divisors,
                           [](double a, double b) { return std::abs(a - b) <= kTolerance * b; }))
      return guess.rope_scaling;
  }
  return std::nullopt;
}

Rotation rotation_at(const std::vector<double>& frequencies, std::span<const std::int32_t> positions) {
  const std::int64_t tokens = std::ssize(positions), pairs = std::ssize(frequencies);
  const Rotation rotation = {Matrix(tokens, pairs), Matrix(tokens, pairs)};
  share_rows(tokens, pairs, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      for (std::int64_t p = 0; p < pairs; ++p) {
        const float angle = static_cast<float>(positions[n]) * static_cast<float>(frequencies[p]);
        rotation.cos_NP.row(n)[p] = std::cos(angle);
        rotation.sin_NP.row(n)[p] = std::sin(angle);
      }
  });
  return rotation;
}

}  // namespace conceptune::model
