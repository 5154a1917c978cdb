// A low-rank adapter on a frozen decoder as something to train.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/training/models/trainable.h"

namespace conceptune::training {

class LoraTrainable : public Trainable {
 public:
  /// `decoder` outlives this; `base_model_name` is written into adapter folders. Batches whose activations
  /// would take more bytes than `activation_budget` keep few of them and compute the rest again; the results
  /// are the same bits.
  LoraTrainable(const model::Decoder& decoder, std::shared_ptr<model::LoraAdapter> adapter,
                std::string base_model_name,
                std::int64_t activation_budget = std::numeric_limits<std::int64_t>::max());

  std::vector<weights::NamedMatrix> parameters() const override { return adapter_->parameters(); }
  ObjectiveSums add_gradient(const model::PackedBatch& batch, const Targets& targets,
                             const Denominators& denominators, const ObjectiveOptions& options,
                             std::uint64_t dropout_seed, std::span<float> gradient) const override;
  ObjectiveSums evaluate(const model::PackedBatch& batch, const Targets& targets,
                         const Denominators& denominators, const ObjectiveOptions& options) const override;
  model::Matrix logits(const model::PackedBatch& batch, std::span<const std::int64_t> row_M) const override;
  void save(const std::filesystem::path& folder, const std::string& description) const override;

 private:
  const model::Decoder& decoder_;
  std::shared_ptr<model::LoraAdapter> adapter_;
  std::string base_model_name_;
  std::int64_t activation_budget_;
};

}  // namespace conceptune::training
