#include "conceptune/runtime/model/tensor_handles.h"

namespace conceptune::model {

at::Tensor tensor_over(const Matrix& matrix) {
  return at::from_blob(
      matrix.values(), {matrix.rows(), matrix.width()}, [matrix](void*) {}, at::kFloat);
}

Matrix matrix_over(const at::Tensor& tensor) {
  const auto dense = std::make_shared<const at::Tensor>(tensor.detach().contiguous());
  return {dense->data_ptr<float>(), dense->size(0), dense->size(1), dense};
}

}  // namespace conceptune::model
