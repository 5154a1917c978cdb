#include "conceptune/training/models/lora_trainable.h"

#include "conceptune/runtime/model/training_pass.h"
#include "conceptune/runtime/model/workload.h"

namespace conceptune::training {

LoraTrainable::LoraTrainable(const model::Decoder& decoder, std::shared_ptr<model::LoraAdapter> adapter,
                             std::string base_model_name, std::int64_t activation_budget)
    : decoder_(decoder),
      adapter_(std::move(adapter)),
      base_model_name_(std::move(base_model_name)),
      activation_budget_(activation_budget) {}

ObjectiveSums LoraTrainable::add_gradient(const model::PackedBatch& batch, const Targets& targets,
                                          const Denominators& denominators, const ObjectiveOptions& options,
                                          std::uint64_t dropout_seed, std::span<float> gradient) const {
  const std::int64_t bytes =
      batch.size() * model::activation_bytes_per_token(decoder_.config(), decoder_.products(), false);
  model::TrainingPass pass(decoder_, batch, *adapter_, {dropout_seed, bytes > activation_budget_});
  const auto result =
      evaluate_objective(pass.hidden_ND(), decoder_.head(), targets, denominators, options, true);
  pass.backward(result.d_hidden_ND, gradient);
  return result.sums;
}

ObjectiveSums LoraTrainable::evaluate(const model::PackedBatch& batch, const Targets& targets,
                                      const Denominators& denominators,
                                      const ObjectiveOptions& options) const {
  const model::Matrix hidden_ND = decoder_.forward(batch, adapter_.get());
  return evaluate_objective(hidden_ND, decoder_.head(), targets, denominators, options, false).sums;
}

model::Matrix LoraTrainable::logits(const model::PackedBatch& batch,
                                    std::span<const std::int64_t> row_M) const {
  return decoder_.project(model::rows_of(decoder_.forward(batch, adapter_.get()), row_M));
}

void LoraTrainable::save(const std::filesystem::path& folder, const std::string& description) const {
  model::save_adapter(folder, *adapter_, base_model_name_, description);
}

}  // namespace conceptune::training
