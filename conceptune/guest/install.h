// libtorch at the service of what our kernels do not do: other devices, its own operations, training of all
// weights.
#pragma once

namespace conceptune::guest {

/// Before any model is opened.
void install();

}  // namespace conceptune::guest
