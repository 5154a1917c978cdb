// All weights of a model as something to train, through libtorch's own operations.
#pragma once

#include <filesystem>
#include <memory>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/training/models/trainable.h"

namespace conceptune::training {

class FullTrainable : public Trainable {
 public:
  /// Loads the model in `base` (a GGUF file or a Hugging Face folder) into float32. Throws InputError for a
  /// model that cannot be opened and for another number type in `options`, of which only the device is used.
  FullTrainable(std::filesystem::path base, const model::DecoderOptions& options);

  /// By their names in Hugging Face's files; a tied head is the embedding.
  std::vector<weights::NamedTensor> parameters() const override { return parameters_; }
  /// Without dropout: models of this family have none.
  at::Tensor forward(const model::PackedBatch& batch,
                     std::optional<std::uint64_t> dropout_seed) const override;
  model::FrozenMatrix head() const override { return decoder_->head(); }
  /// The whole model in float32, with the base's other files; `folder` is then a model for every command.
  void save(const std::filesystem::path& folder, const std::string& description) const override;

 private:
  model::TensorLoader loader() const;

  std::filesystem::path base_;
  std::vector<weights::NamedTensor> parameters_;
  std::unique_ptr<const model::Decoder> decoder_;
};

}  // namespace conceptune::training
