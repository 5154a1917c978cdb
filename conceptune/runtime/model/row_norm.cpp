#include "conceptune/runtime/model/row_norm.h"

#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {

using kernels::layer_kernels;

void RowNorm::forward(const float* x, std::int64_t begin, std::int64_t count, const Rows& y,
                      float* scale) const {
  const kernels::ProfileScope scope("norms");
  make_rows(y, width, begin, count, [&](std::int64_t n, float* row) {
    layer_kernels().rms_norm(x + n * width, weight, epsilon, 1, width, row, scale + n);
  });
}

void RowNorm::backward(const float* d_y, const float* x, const float* scale, std::int64_t begin,
                       std::int64_t count, float* d_x) const {
  const kernels::ProfileScope scope("norms");
  const std::int64_t at = begin * width;
  layer_kernels().rms_norm_backward(d_y + at, x + at, weight, scale + begin, count, width, d_x + at);
}

}  // namespace conceptune::model
