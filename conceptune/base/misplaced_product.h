// What stands in the place of a product that is expected, in words.
#pragma once

#include <filesystem>
#include <string>

#include "conceptune/base/product.h"

namespace conceptune {

/// The problem of a path at which the expected product does not lie: that nothing is there, what is there
/// instead
/// ("is a concept dataset, expected an adapter, as conceptune train makes them"), or what is expected.
std::string misplaced_product(const std::filesystem::path& path, ProductKind expected);

}  // namespace conceptune
