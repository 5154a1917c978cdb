// What a forward and a backward pass give, matrix by matrix of the adapter.
#pragma once

#include <vector>

#include "conceptune/runtime/model/training_pass.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

/// What a gradient of all parameters has for each of them.
inline std::vector<model::Matrix> by_parameter(const model::LoraAdapter& adapter,
                                               const std::vector<float>& gradient) {
  std::vector<model::Matrix> gradients;
  const float* next = gradient.data();
  for (const auto& [name, matrix] : adapter.parameters()) {
    gradients.emplace_back(matrix.rows(), matrix.width());
    std::copy_n(next, matrix.size(), gradients.back().values());
    next += matrix.size();
  }
  return gradients;
}

struct PassOutcome {
  model::Matrix hidden_ND;
  std::vector<model::Matrix> gradients;  // in the order of LoraAdapter::parameters()
};

inline PassOutcome run_pass(const model::Decoder& decoder, const model::PackedBatch& batch,
                            const model::LoraAdapter& adapter, const model::Matrix& d_hidden_ND,
                            const model::TrainingPassOptions& options = {}) {
  model::TrainingPass pass(decoder, batch, adapter, options);
  std::vector<float> gradient(static_cast<std::size_t>(adapter.parameter_count()));
  pass.backward(d_hidden_ND, gradient);
  return {pass.hidden_ND(), by_parameter(adapter, gradient)};
}

inline bool equal(const PassOutcome& a, const PassOutcome& b) {
  return equal(a.hidden_ND, b.hidden_ND) &&
         std::equal(a.gradients.begin(), a.gradients.end(), b.gradients.begin(), b.gradients.end(),
                    [](const model::Matrix& x, const model::Matrix& y) { return equal(x, y); });
}

}  // namespace conceptune::test
