// Devices by the names that users give them.
#pragma once

#include "conceptune/guest/torch_pch.h"

namespace conceptune::guest {

/// "cpu", "cuda" (the first GPU) or "cuda:N". Throws InputError for another name, and for a GPU that this
/// machine, or this build of libtorch, does not have.
at::Device device_named(const std::string& name);

}  // namespace conceptune::guest
