#include "conceptune/guest/lora_trainable.h"

#include "conceptune/guest/tensor_handles.h"

namespace conceptune::guest {

TorchLoraTrainable::TorchLoraTrainable(TorchDecoder decoder, std::shared_ptr<model::LoraAdapter> adapter,
                                       std::string base_model_name)
    : decoder_(std::move(decoder)),
      head_VD_(matrix_over(decoder_.head_VD())),
      adapter_(std::move(adapter)),
      base_model_name_(std::move(base_model_name)) {}

at::Tensor TorchLoraTrainable::hidden(const model::PackedBatch& batch, const TorchAdapter& adapter,
                                      std::optional<std::uint64_t> dropout_seed) const {
  return decoder_.states(batch, &adapter, {-1, nullptr, dropout_seed}).back();
}

training::ObjectiveSums TorchLoraTrainable::add_gradient(const model::PackedBatch& batch,
                                                         const training::Targets& targets,
                                                         const training::Denominators& denominators,
                                                         const training::ObjectiveOptions& options,
                                                         std::uint64_t dropout_seed,
                                                         std::span<float> gradient) const {
  const TorchAdapter adapter(*adapter_, decoder_.device(), true);
  const at::Tensor hidden_ND = hidden(batch, adapter, dropout_seed);
  const auto result =
      training::evaluate_objective(matrix_over(hidden_ND), head_VD_, targets, denominators, options, true);
  hidden_ND.backward(tensor_over(result.d_hidden_ND).to(hidden_ND.device(), hidden_ND.scalar_type()));
  auto next = gradient.begin();
  for (const at::Tensor& matrix : adapter.matrices()) {
    const model::Matrix d_matrix = matrix_over(matrix.grad());
    for (std::int64_t i = 0; i < d_matrix.size(); ++i) *next++ += d_matrix.values()[i];
  }
  return result.sums;
}

training::ObjectiveSums TorchLoraTrainable::evaluate(const model::PackedBatch& batch,
                                                     const training::Targets& targets,
                                                     const training::Denominators& denominators,
                                                     const training::ObjectiveOptions& options) const {
  const at::NoGradGuard no_autograd;
  const TorchAdapter adapter(*adapter_, decoder_.device(), false);
  return training::evaluate_objective(matrix_over(hidden(batch, adapter, std::nullopt)), head_VD_, targets,
                                      denominators, options, false)
      .sums;
}

model::Matrix TorchLoraTrainable::logits(const model::PackedBatch& batch,
                                         std::span<const std::int64_t> row_M) const {
  const at::NoGradGuard no_autograd;
  const TorchAdapter adapter(*adapter_, decoder_.device(), false);
  const at::Tensor rows_M = at::tensor(std::vector<std::int64_t>(row_M.begin(), row_M.end()), at::kLong);
  return matrix_over(
      decoder_.project(hidden(batch, adapter, std::nullopt).index_select(0, rows_M.to(decoder_.device()))));
}

void TorchLoraTrainable::save(const std::filesystem::path& folder, const std::string& description) const {
  model::save_adapter(folder, *adapter_, base_model_name_, description);
}

}  // namespace conceptune::guest
