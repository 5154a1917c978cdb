// Matrices as libtorch's tensors and the reverse; both share the numbers.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::model {

at::Tensor tensor_over(const Matrix& matrix);
/// Of two dimensions, float32 on the CPU; one that is not contiguous is copied.
Matrix matrix_over(const at::Tensor& tensor);

}  // namespace conceptune::model
