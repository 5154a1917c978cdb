#include "conceptune/guest/full_trainable.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/guest/device.h"
#include "conceptune/guest/tensor_handles.h"
#include "conceptune/runtime/model/merged_model.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::guest {

FullTrainable::FullTrainable(std::filesystem::path base, const model::DecoderOptions& options)
    : base_(std::move(base)), device_(device_named(options.device)) {
  if (options.type != model::DataType::float32)
    throw InputError("training all weights", "model.type", "is bfloat16, expected float32");
  const auto store = weights::WeightStore::open(base_);
  config_ = store->config();
  for (const auto& tensor : store->tensors()) parameters_.push_back({tensor.name, store->load(tensor.name)});
}

std::vector<at::Tensor> FullTrainable::weights_on_device(bool needs_gradient) const {
  std::vector<at::Tensor> weights;
  for (const auto& [name, matrix] : parameters_)
    weights.push_back(tensor_over(matrix).to(device_).detach().set_requires_grad(needs_gradient));
  return weights;
}

TorchDecoder FullTrainable::decoder_of(const std::vector<at::Tensor>& weights) const {
  const auto load = [&](std::string_view name) {
    const auto found = std::ranges::find(parameters_, name, &weights::NamedMatrix::name);
    return weights.at(static_cast<std::size_t>(found - parameters_.begin()));
  };
  return {config_, load, at::kFloat, device_};
}

std::size_t FullTrainable::head_index() const {
  const std::string_view name = config_.tied_head ? "model.embed_tokens.weight" : "lm_head.weight";
  return static_cast<std::size_t>(std::ranges::find(parameters_, name, &weights::NamedMatrix::name) -
                                  parameters_.begin());
}

training::ObjectiveSums FullTrainable::add_gradient(const model::PackedBatch& batch,
                                                    const training::Targets& targets,
                                                    const training::Denominators& denominators,
                                                    const training::ObjectiveOptions& options,
                                                    std::uint64_t /*dropout_seed*/,
                                                    std::span<float> gradient) const {
  const std::vector<at::Tensor> weights = weights_on_device(true);
  const at::Tensor hidden_ND = decoder_of(weights).states(batch, nullptr, {}).back();
  const model::Matrix& head_VD = parameters_[head_index()].matrix;
  const model::Matrix d_head_VD(head_VD.rows(), head_VD.width());
  std::fill_n(d_head_VD.values(), d_head_VD.size(), 0.0F);
  const auto result = training::evaluate_objective(matrix_over(hidden_ND), head_VD, targets, denominators,
                                                   options, true, d_head_VD);
  hidden_ND.backward(tensor_over(result.d_hidden_ND).to(device_));
  auto next = gradient.begin();
  for (std::size_t p = 0; p < weights.size(); ++p) {
    const std::int64_t size = parameters_[p].matrix.size();
    const auto add = [&](const model::Matrix& d_weight) {
      std::transform(next, next + size, d_weight.values(), next, std::plus<>());
    };
    if (weights[p].grad().defined()) add(matrix_over(weights[p].grad()));
    if (p == head_index()) add(d_head_VD);
    next += size;
  }
  return result.sums;
}

training::ObjectiveSums FullTrainable::evaluate(const model::PackedBatch& batch,
                                                const training::Targets& targets,
                                                const training::Denominators& denominators,
                                                const training::ObjectiveOptions& options) const {
  const at::NoGradGuard no_autograd;
  const at::Tensor hidden_ND = decoder_of(weights_on_device(false)).states(batch, nullptr, {}).back();
  return training::evaluate_objective(matrix_over(hidden_ND), parameters_[head_index()].matrix, targets,
                                      denominators, options, false)
      .sums;
}

model::Matrix FullTrainable::logits(const model::PackedBatch& batch,
                                    std::span<const std::int64_t> row_M) const {
  const at::NoGradGuard no_autograd;
  const TorchDecoder decoder = decoder_of(weights_on_device(false));
  const at::Tensor rows_M = at::tensor(std::vector<std::int64_t>(row_M.begin(), row_M.end()), at::kLong);
  return matrix_over(
      decoder.project(decoder.states(batch, nullptr, {}).back().index_select(0, rows_M.to(device_))));
}

const model::Matrix& FullTrainable::parameter(std::string_view name) const {
  return std::ranges::find(parameters_, name, &weights::NamedMatrix::name)->matrix;
}

void FullTrainable::save(const std::filesystem::path& folder, const std::string& description) const {
  AtomicFolder target({folder, Existing::replace}, ProductKind::model);
  const auto values = [this](std::string_view name) { return parameter(name); };
  model::write_model_files(base_, config_, values, model::MergedType::float32, target.path());
  write_file_atomically(target.path() / "README.md",
                        fmt::format("All weights of {} trained with conceptune.\n\n{}\n",
                                    base_.filename().string(), description));
  target.commit();
}

}  // namespace conceptune::guest
