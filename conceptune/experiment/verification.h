// Whether what the program wrote is still what it wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/base/product.h"
#include "conceptune/base/progress.h"

namespace conceptune::experiment {

struct Verification {
  ProductKind kind{};
  std::int64_t files = 0;
  /// One line a file that is missing or other than was written.
  std::vector<std::string> problems;
  /// Files beside the product's own, which say nothing against it.
  std::vector<std::string> further;
};

/// Reads every file of a product and compares it with its manifest, or, in the run of an experiment, with the
/// store: its products, per-item values and the store itself. Of a training run that has not ended, the
/// adapters and checkpoints that are there. Throws InputError for a folder that is no product, or one without
/// a manifest.
Verification verify(const std::filesystem::path& folder, ProgressObserver* observer = nullptr);

}  // namespace conceptune::experiment
