#include "conceptune/runtime/matrices/row_slices.h"

#include <algorithm>

#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {

void for_each_slice(std::int64_t rows, std::int64_t width, const std::function<void(const Slice&)>& work) {
  // 16 MB of the widest array; but products of fewer rows than that spend their time on bringing the matrix
  // into the order they read it in.
  constexpr std::int64_t kMostValues = 1 << 22, kFewestRows = 256;
  const std::int64_t most = std::max(kFewestRows, kMostValues / width), count = (rows + most - 1) / most;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t begin = rows * i / count;
    work({begin, rows * (i + 1) / count - begin});
  }
}

void share_rows(std::int64_t rows, std::int64_t width, const RowsWork& work) {
  constexpr std::int64_t kWorthSharing = 1 << 13;  // values; some microseconds of work
  // Several parts a thread, so that one that the system holds up does not hold up the others.
  constexpr std::int64_t kPartsOfAThread = 4;
  const std::int64_t worth = std::min(rows, rows * width / kWorthSharing);
  const std::int64_t parts = std::clamp<std::int64_t>(worth, 1, kPartsOfAThread * kernels::thread_count());
  kernels::parallel_for(parts, [&](std::int64_t i) {
    const std::int64_t begin = rows * i / parts;
    work(begin, rows * (i + 1) / parts - begin);
  });
}

void round_rows(const float* numbers, std::int64_t leading, std::int64_t rows, std::int64_t columns,
                kernels::Bf16* rounded) {
  const kernels::ProfileScope scope("rounding to bfloat16");
  share_rows(rows, columns, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      kernels::conversion_kernels().to_bf16(numbers + n * leading, columns, rounded + n * columns);
  });
}

}  // namespace conceptune::model
