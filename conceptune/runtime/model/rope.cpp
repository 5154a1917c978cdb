#include "conceptune/runtime/model/rope.h"

#include <numbers>

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

Rotation rotation_at(const std::vector<double>& frequencies, std::span<const std::int32_t> positions,
                     const at::Device& device) {
  const auto tokens = static_cast<std::int64_t>(positions.size());
  const auto pairs = static_cast<std::int64_t>(frequencies.size());
  const at::Tensor positions_N1 =
      at::from_blob(const_cast<std::int32_t*>(positions.data()), {tokens, 1}, at::kInt).to(at::kFloat);
  const at::Tensor frequencies_1P =
      at::from_blob(const_cast<double*>(frequencies.data()), {1, pairs}, at::kDouble).to(at::kFloat);
  const at::Tensor angles_NP = positions_N1 * frequencies_1P;
  return {at::cos(angles_NP).to(device), at::sin(angles_NP).to(device)};
}

}  // namespace conceptune::model
