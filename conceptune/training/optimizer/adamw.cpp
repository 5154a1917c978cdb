#include "conceptune/training/optimizer/adamw.h"

#include <algorithm>
#include <cmath>

#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::training {
namespace {

std::vector<model::Matrix> zeros_like_all(const std::vector<model::Matrix>& matrices) {
  std::vector<model::Matrix> zeros;
  for (const auto& matrix : matrices) {
    const auto& zero = zeros.emplace_back(matrix.rows(), matrix.width());
    std::fill_n(zero.values(), zero.size(), 0.0F);
  }
  return zeros;
}

void copy_all(const std::vector<model::Matrix>& from, const std::vector<model::Matrix>& to) {
  for (std::size_t i = 0; i < to.size(); ++i)
    if (from[i].values() != to[i].values()) std::copy_n(from[i].values(), to[i].size(), to[i].values());
}

/// What an update does to each number.
struct UpdateRule {
  float decay, mean_share, square_share, square_kept, correction, epsilon, rate;

  void apply(const float* gradient, std::int64_t count, float* parameter, float* mean, float* square) const {
    for (std::int64_t i = 0; i < count; ++i) {
      const float g = gradient[i];
      mean[i] += mean_share * (g - mean[i]);
      square[i] = square_kept * square[i] + square_share * g * g;
      parameter[i] = decay * parameter[i] - rate * (mean[i] / (std::sqrt(square[i]) / correction + epsilon));
    }
  }
};

}  // namespace

std::int64_t count_values(const std::vector<model::Matrix>& matrices) {
  std::int64_t count = 0;
  for (const auto& matrix : matrices) count += matrix.size();
  return count;
}

double gradient_norm(std::span<const float> gradient) {
  const kernels::ProfileScope scope("optimizer");
  double squares = 0;
  for (const float value : gradient) squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares);
}

void clip_gradient(std::span<float> gradient, double norm, double limit) {
  if (limit <= 0 || norm <= limit) return;
  constexpr double kGuard = 1e-6;  // as torch.nn.utils.clip_grad_norm_
  const auto factor = static_cast<float>(limit / (norm + kGuard));
  for (float& value : gradient) value *= factor;
}

AdamW::AdamW(std::vector<model::Matrix> parameters)
    : parameters_(std::move(parameters)),
      first_moments_(zeros_like_all(parameters_)),
      second_moments_(zeros_like_all(parameters_)) {}

void AdamW::step(std::span<const float> gradient, double learning_rate, const OptimizerOptions& options) {
  const kernels::ProfileScope scope("optimizer");
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  const UpdateRule rule = {static_cast<float>(1 - learning_rate * options.weight_decay),
                           static_cast<float>(1 - options.beta1),
                           static_cast<float>(1 - options.beta2),
                           static_cast<float>(options.beta2),
                           static_cast<float>(std::sqrt(1 - std::pow(options.beta2, steps))),
                           static_cast<float>(options.epsilon),
                           static_cast<float>(learning_rate / (1 - std::pow(options.beta1, steps)))};
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const std::int64_t size = parameters_[i].size();
    model::share_rows(size, 1, [&](std::int64_t begin, std::int64_t count) {
      rule.apply(gradient.data() + begin, count, parameters_[i].values() + begin,
                 first_moments_[i].values() + begin, second_moments_[i].values() + begin);
    });
    gradient = gradient.subspan(static_cast<std::size_t>(size));
  }
}

void AdamW::restore(std::int64_t steps, const std::vector<model::Matrix>& first_moments,
                    const std::vector<model::Matrix>& second_moments) {
  steps_ = steps;
  copy_all(first_moments, first_moments_);
  copy_all(second_moments, second_moments_);
}

}  // namespace conceptune::training
