// A low-rank adapter as something to train through libtorch's own operations, e.g. on a GPU.
#pragma once

#include <memory>
#include <string>

#include "conceptune/guest/torch_decoder.h"
#include "conceptune/training/models/trainable.h"

namespace conceptune::guest {

/// The adapter's numbers stay on the CPU, where the optimizer is; each batch takes copies to the device.
class TorchLoraTrainable : public training::Trainable {
 public:
  TorchLoraTrainable(TorchDecoder decoder, std::shared_ptr<model::LoraAdapter> adapter,
                     std::string base_model_name);

  std::vector<weights::NamedMatrix> parameters() const override { return adapter_->parameters(); }
  training::ObjectiveSums add_gradient(const model::PackedBatch& batch, const training::Targets& targets,
                                       const training::Denominators& denominators,
                                       const training::ObjectiveOptions& options, std::uint64_t dropout_seed,
                                       std::span<float> gradient) const override;
  training::ObjectiveSums evaluate(const model::PackedBatch& batch, const training::Targets& targets,
                                   const training::Denominators& denominators,
                                   const training::ObjectiveOptions& options) const override;
  model::Matrix logits(const model::PackedBatch& batch, std::span<const std::int64_t> row_M) const override;
  void save(const std::filesystem::path& folder, const std::string& description) const override;

 private:
  at::Tensor hidden(const model::PackedBatch& batch, const TorchAdapter& adapter,
                    std::optional<std::uint64_t> dropout_seed) const;

  TorchDecoder decoder_;
  model::FrozenMatrix head_VD_;  // on the CPU, for the objective
  std::shared_ptr<model::LoraAdapter> adapter_;
  std::string base_model_name_;
};

}  // namespace conceptune::guest
