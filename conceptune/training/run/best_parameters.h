// The parameters of the best evaluation, kept until the disk has them.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/training/models/trainable.h"

namespace conceptune::training {

class BestParameters {
 public:
  /// Copies the parameters; `description` goes into the model card.
  void keep(const std::vector<at::Tensor>& parameters, std::string description);
  /// Saves the model as it was when kept, and forgets; does nothing when nothing is kept. The model's current
  /// values are put back. Throws what Trainable::save() throws, and keeps on then.
  void save(const Trainable& model, const std::vector<at::Tensor>& parameters,
            const std::filesystem::path& folder);

 private:
  std::vector<at::Tensor> kept_;
  std::string description_;
};

}  // namespace conceptune::training
