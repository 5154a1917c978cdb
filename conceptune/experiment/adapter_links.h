// The adapters of a run under the names of its arms.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "conceptune/results/subject_names.h"

namespace conceptune::experiment {

/// The folder in a run that holds them.
inline constexpr const char* kAdapterLinks = "adapters";

/// What the folders of arms are called: their names with everything but letters, digits and "-_.=" a single
/// '-'
/// ("words-only, λ 0.5" is "words-only-λ-0.5"); of equal ones the later get "-2", "-3", ….
std::vector<std::string> link_names(std::span<const evaluation::NamedFolder> arms);

/// Links `RUN/adapters/NAME` to each arm's folder, which lies in the run, and removes links of arms that are
/// no more. What is no link is somebody's own and stays; an arm that it leaves without a link is warned of.
/// Returns the folder.
std::filesystem::path link_adapters(const std::filesystem::path& run,
                                    std::span<const evaluation::NamedFolder> arms);

}  // namespace conceptune::experiment
