#include "conceptune/training/optimizer/adamw.h"

#include <cmath>

#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::training {
namespace {

std::vector<at::Tensor> zeros_like_all(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> zeros;
  for (const auto& tensor : tensors) zeros.push_back(at::zeros_like(tensor.detach()));
  return zeros;
}

void copy_all(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

}  // namespace

double gradient_norm(const std::vector<at::Tensor>& gradients) {
  const kernels::ProfileScope scope("optimizer");
  double squares = 0;
  for (const auto& gradient : gradients) {
    const double norm = gradient.norm().item<double>();
    squares += norm * norm;
  }
  return std::sqrt(squares);
}

void clip_gradients(const std::vector<at::Tensor>& gradients, double norm, double limit) {
  if (limit <= 0 || norm <= limit) return;
  constexpr double kGuard = 1e-6;  // as torch.nn.utils.clip_grad_norm_
  for (const auto& gradient : gradients) gradient.mul_(limit / (norm + kGuard));
}

AdamW::AdamW(std::vector<at::Tensor> parameters)
    : parameters_(std::move(parameters)),
      first_moments_(zeros_like_all(parameters_)),
      second_moments_(zeros_like_all(parameters_)) {}

void AdamW::step(const std::vector<at::Tensor>& gradients, double learning_rate,
                 const OptimizerOptions& options) {
  const at::NoGradGuard no_autograd;
  const kernels::ProfileScope scope("optimizer");
  ++steps_;
  const auto steps = static_cast<double>(steps_);
  const double correction1 = 1 - std::pow(options.beta1, steps);
  const double correction2 = std::sqrt(1 - std::pow(options.beta2, steps));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& gradient = gradients[i];
    at::Tensor& mean = first_moments_[i];
    at::Tensor& square = second_moments_[i];
    if (options.weight_decay > 0) parameters_[i].mul_(1 - learning_rate * options.weight_decay);
    mean.lerp_(gradient, 1 - options.beta1);
    square.mul_(options.beta2).addcmul_(gradient, gradient, 1 - options.beta2);
    const at::Tensor denominator = square.sqrt().div_(correction2).add_(options.epsilon);
    parameters_[i].addcdiv_(mean, denominator, -learning_rate / correction1);
  }
}

void AdamW::restore(std::int64_t steps, const std::vector<at::Tensor>& first_moments,
                    const std::vector<at::Tensor>& second_moments) {
  steps_ = steps;
  copy_all(first_moments_, first_moments);
  copy_all(second_moments_, second_moments);
}

}  // namespace conceptune::training
