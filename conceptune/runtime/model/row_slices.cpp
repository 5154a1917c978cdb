#include "conceptune/runtime/model/row_slices.h"

#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::model {

Slices::Slices(std::int64_t rows) : rows_(rows) {
  constexpr std::int64_t kFewestRows = 32;
  const std::int64_t threads = kernels::thread_count();
  count_ = rows < kFewestRows * threads ? 1 : threads;
}

void Slices::for_each(const std::function<void(const Slice&)>& work) const {
  kernels::parallel_for(count_, [&](std::int64_t i) {
    const std::int64_t begin = rows_ * i / count_;
    work({begin, rows_ * (i + 1) / count_ - begin, i});
  });
}

}  // namespace conceptune::model
