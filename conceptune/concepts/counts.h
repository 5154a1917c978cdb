// Counts in JSON objects.
#pragma once

#include "conceptune/base/json.h"

namespace conceptune::concepts {

/// Adds the whole numbers of one object of counts, nested or not, to those of another of the same shape. What
/// is no whole number (a share) does not add up and is left out.
void add_counts(Json& total, const Json& part);

}  // namespace conceptune::concepts
