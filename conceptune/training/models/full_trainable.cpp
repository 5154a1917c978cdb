#include "conceptune/training/models/full_trainable.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/runtime/model/merged_model.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::training {

FullTrainable::FullTrainable(std::filesystem::path base, const model::DecoderOptions& options)
    : base_(std::move(base)) {
  if (options.type != model::DataType::float32)
    throw InputError("training all weights", "model.type", "is bfloat16, expected float32");
  const auto store = weights::WeightStore::open(base_);
  for (const auto& tensor : store->tensors())
    parameters_.push_back(
        {tensor.name,
         store->load(tensor.name).to(model::device_named(options.device)).set_requires_grad(true)});
  decoder_ = std::make_unique<const model::Decoder>(
      store->config(), loader(), model::DecoderOptions{.device = options.device, .fused = false});
}

at::Tensor FullTrainable::forward(const model::PackedBatch& batch,
                                  std::optional<std::uint64_t> /*dropout_seed*/) const {
  return decoder_->forward(batch);
}

void FullTrainable::save(const std::filesystem::path& folder, const std::string& description) const {
  AtomicFolder target({folder, Existing::replace}, ProductKind::model);
  model::write_model_files(base_, decoder_->config(), loader(), model::MergedType::float32, target.path());
  write_file_atomically(target.path() / "README.md",
                        fmt::format("All weights of {} trained with conceptune.\n\n{}\n",
                                    base_.filename().string(), description));
  target.commit();
}

/// The trained tensors themselves: what is computed with them is differentiable by them.
model::TensorLoader FullTrainable::loader() const {
  return [parameters = parameters_](std::string_view name, at::ScalarType) {
    return std::find_if(parameters.begin(), parameters.end(),
                        [&](const auto& parameter) { return parameter.name == name; })
        ->tensor;
  };
}

}  // namespace conceptune::training
