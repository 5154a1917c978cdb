// The part of conceptune inspect that looks at concept datasets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/terminal.h"

namespace conceptune::cli {

struct InspectDatasetOptions {
  std::int64_t passages = 3;
  std::filesystem::path page;                  // web page to write; empty for none
  std::vector<std::filesystem::path> sources;  // datasets of the same passages, for the page
  bool overwrite = false;                      // a page that is there
  bool json = false;
};

/// Whether a path is a dataset folder.
bool is_dataset(const std::filesystem::path& path);

/// Prints the card's counts and the first passages with their concept sets.
void inspect_dataset(const std::filesystem::path& path, const InspectDatasetOptions& options,
                     const Terminal& terminal);

}  // namespace conceptune::cli
