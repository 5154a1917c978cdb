// What the training loop needs of a model: parameters, hidden states, the head they are projected with.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::training {

class Trainable {
 public:
  virtual ~Trainable() = default;

  /// The float32 leaf tensors to train, in a fixed order with fixed names; the loop updates them in place.
  virtual std::vector<weights::NamedTensor> parameters() const = 0;
  /// hidden_ND after the final norm, differentiable by the parameters when grad mode is on. Training passes
  /// give the seed of their dropout; evaluation gives none and drops nothing.
  virtual at::Tensor forward(const model::PackedBatch& batch,
                             std::optional<std::uint64_t> dropout_seed) const = 0;
  /// head_VD of the output projection; it holds one of the parameters where the head is trained.
  virtual model::FrozenMatrix head() const = 0;
  /// Writes what was trained as a folder that replaces `folder`; `description` goes into its model card.
  virtual void save(const std::filesystem::path& folder, const std::string& description) const = 0;
};

}  // namespace conceptune::training
