#include "conceptune/training/run/best_parameters.h"

namespace conceptune::training {
namespace {

std::vector<at::Tensor> copies_of(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> copies;
  for (const auto& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}

void copy_into(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

}  // namespace

void BestParameters::keep(const std::vector<at::Tensor>& parameters, std::string description) {
  kept_ = copies_of(parameters);
  description_ = std::move(description);
}

void BestParameters::save(const Trainable& model, const std::vector<at::Tensor>& parameters,
                          const std::filesystem::path& folder) {
  if (kept_.empty()) return;
  const at::NoGradGuard no_autograd;
  const auto current = copies_of(parameters);
  copy_into(parameters, kept_);
  try {
    model.save(folder, description_);
  } catch (...) {
    copy_into(parameters, current);
    throw;
  }
  copy_into(parameters, current);
  kept_.clear();
}

}  // namespace conceptune::training
