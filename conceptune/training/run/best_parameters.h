// The parameters of the best evaluation, kept until the disk has them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/training/models/trainable.h"

namespace conceptune::training {

class BestParameters {
 public:
  /// Copies the parameters; `description` goes into the model card.
  void keep(const std::vector<model::Matrix>& parameters, std::string description);
  /// Saves the model as it was when kept, and forgets; does nothing when nothing is kept. The model's current
  /// values are put back. Throws what Trainable::save() throws, and keeps on then.
  void save(const Trainable& model, const std::vector<model::Matrix>& parameters,
            const std::filesystem::path& folder);

 private:
  std::vector<model::Matrix> kept_;
  std::string description_;
};

}  // namespace conceptune::training
