// What the training loop needs of a model: parameters, a batch's loss and gradient, predictions.
//
// Shapes: N tokens of the batch, M rows chosen, V vocabulary.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/weights/safetensors_writer.h"
#include "conceptune/training/objective/objective.h"

namespace conceptune::training {

class Trainable {
 public:
  virtual ~Trainable() = default;

  /// The matrices to train, in a fixed order with fixed names; the loop updates them in place.
  virtual std::vector<weights::NamedMatrix> parameters() const = 0;
  /// The objective over a batch, with dropout from this seed; adds the gradient of its loss to `gradient`,
  /// which holds that of every parameter, one after the other.
  virtual ObjectiveSums add_gradient(const model::PackedBatch& batch, const Targets& targets,
                                     const Denominators& denominators, const ObjectiveOptions& options,
                                     std::uint64_t dropout_seed, std::span<float> gradient) const = 0;
  /// The objective alone; nothing is dropped.
  virtual ObjectiveSums evaluate(const model::PackedBatch& batch, const Targets& targets,
                                 const Denominators& denominators, const ObjectiveOptions& options) const = 0;
  /// logits_MV of rows of a batch.
  virtual model::Matrix logits(const model::PackedBatch& batch,
                               std::span<const std::int64_t> row_M) const = 0;
  /// Writes what was trained as a folder that replaces `folder`; `description` goes into its model card.
  virtual void save(const std::filesystem::path& folder, const std::string& description) const = 0;
};

}  // namespace conceptune::training
