#include "conceptune/training/run/best_parameters.h"

#include <algorithm>
#include <utility>

namespace conceptune::training {
namespace {

void copy_into(const std::vector<model::Matrix>& to, const std::vector<model::Matrix>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) std::copy_n(from[i].values(), to[i].size(), to[i].values());
}

std::vector<model::Matrix> copies_of(const std::vector<model::Matrix>& matrices) {
  std::vector<model::Matrix> copies;
  copies.reserve(matrices.size());
  for (const auto& matrix : matrices) copies.emplace_back(matrix.rows(), matrix.width());
  copy_into(copies, matrices);
  return copies;
}

}  // namespace

void BestParameters::keep(const std::vector<model::Matrix>& parameters, std::string description) {
  kept_ = copies_of(parameters);
  description_ = std::move(description);
}

void BestParameters::save(const Trainable& model, const std::vector<model::Matrix>& parameters,
                          const std::filesystem::path& folder) {
  if (kept_.empty()) return;
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
