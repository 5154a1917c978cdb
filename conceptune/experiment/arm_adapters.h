// The adapters of a run under the names of its arms, each a folder that can be given away.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::experiment {

/// The folder in a run that holds them.
inline constexpr const char* kArmAdapters = "adapters";

/// What an arm trained and what its card says of it.
struct ArmAdapter {
  std::string arm;
  std::filesystem::path trained;  ///< the adapter's, or the model's, folder in the run
  std::string base;               ///< what the adapter calls its base
  std::string evaluation = {};    ///< as AdapterCard's
  Json model_index = Json::array({});
};

/// What the folders of arms are called: their names with everything but letters, digits and "-_.=" a single
/// '-' ("words-only, λ 0.5" is "words-only-λ-0.5"); of equal ones the later get "-2", "-3", ….
std::vector<std::string> folder_names(std::span<const std::string> arms);

/// Makes `RUN/adapters/NAME` of each arm's adapter: its weights (the same file where the disk can, so that
/// they take no room), a configuration that names the base as it is found, the ids of the passages that were
/// trained on, and a card with the evaluation. A model of which all weights were trained is linked to. What
/// an earlier call made for arms that are no more is removed; anything else there is somebody's own and
/// stays, and an arm that it leaves without a folder is warned of. Returns the folder.
std::filesystem::path publish_adapters(const std::filesystem::path& run, std::span<const ArmAdapter> arms);

}  // namespace conceptune::experiment
