// Matrices as libtorch's tensors and the reverse; both share the numbers.
#pragma once

#include "conceptune/guest/torch_pch.h"

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::guest {

at::Tensor tensor_over(const model::Matrix& matrix);
/// Of two dimensions; one that is not contiguous float32 on the CPU is copied. A vector is a single row.
model::Matrix matrix_over(const at::Tensor& tensor);

}  // namespace conceptune::guest
