#include "conceptune/training/models/lora_trainable.h"

#include "conceptune/runtime/model/workload.h"

namespace conceptune::training {

LoraTrainable::LoraTrainable(const model::Decoder& decoder, std::shared_ptr<model::LoraAdapter> adapter,
                             std::string base_model_name, std::int64_t activation_budget)
    : decoder_(decoder),
      adapter_(std::move(adapter)),
      base_model_name_(std::move(base_model_name)),
      activation_budget_(activation_budget) {}

at::Tensor LoraTrainable::forward(const model::PackedBatch& batch,
                                  std::optional<std::uint64_t> dropout_seed) const {
  model::ForwardOptions options;
  options.training = dropout_seed.has_value();
  options.dropout_seed = dropout_seed.value_or(0);
  const std::int64_t bytes =
      batch.size() * model::activation_bytes_per_token(decoder_.config(), decoder_.products(), false);
  options.recompute = bytes > activation_budget_;
  return decoder_.forward(batch, adapter_.get(), options);
}

void LoraTrainable::save(const std::filesystem::path& folder, const std::string& description) const {
  model::save_adapter(folder, *adapter_, base_model_name_, description);
}

}  // namespace conceptune::training
