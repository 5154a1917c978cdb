// AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019) with its state in plain sight.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "conceptune/training/options.h"

namespace conceptune::training {

/// Euclidean norm over all gradients, summed in double; NaN or infinity where a gradient is not finite.
double gradient_norm(const std::vector<at::Tensor>& gradients);

/// Scales the gradients in place so that their norm is `limit`, when it is larger. `limit` 0 leaves them.
void clip_gradients(const std::vector<at::Tensor>& gradients, double norm, double limit);

/// Float32 moments of a fixed list of parameters. The same calls give the same bits.
class AdamW {
 public:
  /// Starts with zero moments. The parameters' tensors are updated in place by step().
  explicit AdamW(std::vector<at::Tensor> parameters);

  /// One update with gradients parallel to the parameters, as torch.optim.AdamW computes it.
  void step(const std::vector<at::Tensor>& gradients, double learning_rate, const OptimizerOptions& options);

  /// Updates made so far; the bias correction depends on it.
  std::int64_t steps() const { return steps_; }
  /// Means of the gradients and of their squares, parallel to the parameters; they share the optimizer's
  /// storage.
  const std::vector<at::Tensor>& first_moments() const { return first_moments_; }
  const std::vector<at::Tensor>& second_moments() const { return second_moments_; }
  /// Takes up where an optimizer with these values stood. Tensors fit the parameters' shapes.
  void restore(std::int64_t steps, const std::vector<at::Tensor>& first_moments,
               const std::vector<at::Tensor>& second_moments);

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;
  std::vector<at::Tensor> second_moments_;
  std::int64_t steps_ = 0;
};

}  // namespace conceptune::training
