#include "conceptune/guest/tensor_handles.h"

namespace conceptune::guest {

at::Tensor tensor_over(const model::Matrix& matrix) {
  return at::from_blob(
      matrix.values(), {matrix.rows(), matrix.width()}, [matrix](void*) {}, at::kFloat);
}

model::Matrix matrix_over(const at::Tensor& tensor) {
  const auto dense =
      std::make_shared<const at::Tensor>(tensor.detach().to(at::kCPU, at::kFloat).contiguous());
  const std::int64_t width = dense->size(-1);
  return {dense->data_ptr<float>(), dense->numel() / std::max<std::int64_t>(1, width), width, dense};
}

}  // namespace conceptune::guest
