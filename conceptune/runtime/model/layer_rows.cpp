#include "conceptune/runtime/model/layer_rows.h"

#include <algorithm>

#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {

using kernels::conversion_kernels;

LayerWorkspace& workspace_of_thread() {
  static thread_local LayerWorkspace workspace;
  return workspace;
}

void make_rows(const Rows& made, std::int64_t width, std::int64_t begin, std::int64_t count,
               const std::function<void(std::int64_t, float*)>& make) {
  static thread_local ReusedMemory<float> memory;
  for (std::int64_t n = begin; n < begin + count; ++n) {
    float* const row = made.numbers ? made.numbers + n * width : memory.take(width);
    make(n, row);
    if (made.rounded) conversion_kernels().to_bf16(row, width, made.rounded + n * width);
  }
}

void round_made(const Rows& rows, std::int64_t width, std::int64_t begin, std::int64_t count) {
  if (!rows.rounded) return;
  const kernels::ProfileScope scope("rounding to bfloat16");
  conversion_kernels().to_bf16(rows.numbers + begin * width, count * width, rows.rounded + begin * width);
}

void copy_rows(const float* from, std::int64_t width, std::int64_t begin, std::int64_t count, float* to) {
  std::copy_n(from + begin * width, count * width, to + begin * width);
}

const float* widened_row(const Rows& rows, std::int64_t width, std::int64_t n, float* room) {
  if (rows.numbers) return rows.numbers + n * width;
  conversion_kernels().from_bf16(rows.rounded + n * width, width, room);
  return room;
}

}  // namespace conceptune::model
