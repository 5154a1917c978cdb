// AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019) with its state in plain sight.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

/// Numbers in all the matrices.
std::int64_t count_values(const std::vector<model::Matrix>& matrices);

/// Euclidean norm, summed in double; NaN or infinity where a number is not finite.
double gradient_norm(std::span<const float> gradient);

/// Scales the gradient in place so that its norm is `limit`, when it is larger. `limit` 0 leaves it.
void clip_gradient(std::span<float> gradient, double norm, double limit);

/// Float32 moments of a fixed list of parameters. The same calls give the same bits.
class AdamW {
 public:
  /// Starts with zero moments. The parameters are updated in place by step().
  explicit AdamW(std::vector<model::Matrix> parameters);

  /// One update with the gradient of all parameters, one after the other, as torch.optim.AdamW computes it.
  void step(std::span<const float> gradient, double learning_rate, const OptimizerOptions& options);

  /// Updates made so far; the bias correction depends on it.
  std::int64_t steps() const { return steps_; }
  /// Means of the gradients and of their squares, parallel to the parameters; they share the optimizer's
  /// numbers.
  const std::vector<model::Matrix>& first_moments() const { return first_moments_; }
  const std::vector<model::Matrix>& second_moments() const { return second_moments_; }
  /// Takes up where an optimizer with these values stood. Matrices fit the parameters' shapes.
  void restore(std::int64_t steps, const std::vector<model::Matrix>& first_moments,
               const std::vector<model::Matrix>& second_moments);

 private:
  std::vector<model::Matrix> parameters_;
  std::vector<model::Matrix> first_moments_;
  std::vector<model::Matrix> second_moments_;
  std::int64_t steps_ = 0;
};

}  // namespace conceptune::training
