// All weights of a model as something to train, through libtorch's own operations.
#pragma once

#include <filesystem>
#include <memory>

#include "conceptune/guest/torch_decoder.h"
#include "conceptune/training/models/trainable.h"

namespace conceptune::guest {

class FullTrainable : public training::Trainable {
 public:
  /// Loads the model in `base` (a GGUF file or a Hugging Face folder) into float32. Throws InputError for a
  /// model that cannot be opened and for another number type in `options`, of which only the device is used.
  FullTrainable(std::filesystem::path base, const model::DecoderOptions& options);

  /// By their names in Hugging Face's files; a tied head is the embedding.
  std::vector<weights::NamedMatrix> parameters() const override { return parameters_; }
  /// Without dropout: models of this family have none.
  training::ObjectiveSums add_gradient(const model::PackedBatch& batch, const training::Targets& targets,
                                       const training::Denominators& denominators,
                                       const training::ObjectiveOptions& options, std::uint64_t dropout_seed,
                                       std::span<float> gradient) const override;
  training::ObjectiveSums evaluate(const model::PackedBatch& batch, const training::Targets& targets,
                                   const training::Denominators& denominators,
                                   const training::ObjectiveOptions& options) const override;
  model::Matrix logits(const model::PackedBatch& batch, std::span<const std::int64_t> row_M) const override;
  /// The whole model in float32, with the base's other files; `folder` is then a model for every command.
  void save(const std::filesystem::path& folder, const std::string& description) const override;

 private:
  /// The weights as they are now, in the order of the parameters; on the CPU they share the numbers.
  std::vector<at::Tensor> weights_on_device(bool needs_gradient) const;
  TorchDecoder decoder_of(const std::vector<at::Tensor>& weights) const;
  const model::Matrix& parameter(std::string_view name) const;
  std::size_t head_index() const;

  std::filesystem::path base_;
  weights::ModelConfig config_;
  at::Device device_;
  std::vector<weights::NamedMatrix> parameters_;
};

}  // namespace conceptune::guest
