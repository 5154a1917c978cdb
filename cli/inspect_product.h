// The part of conceptune inspect that looks at folders other than models, adapters and concept datasets.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/terminal.h"
#include "conceptune/base/product.h"

namespace conceptune::cli {

/// The kind of a folder that inspect_product() knows; nothing for others.
std::optional<ProductKind> inspected_product(const std::filesystem::path& path);

/// Prints what the folder is, whether it is finished, and what its card says of it.
void inspect_product(const std::filesystem::path& path, ProductKind kind, bool as_json,
                     const Terminal& terminal);

}  // namespace conceptune::cli
