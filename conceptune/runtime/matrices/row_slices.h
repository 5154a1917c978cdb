// How the rows of a batch are worked on: in slices that bound the memory between a layer's products, and
// within a slice shared out to the threads.
#pragma once

#include <cstdint>
#include <functional>

#include "conceptune/runtime/kernels/conversion.h"

namespace conceptune::model {

/// Consecutive rows that are worked on at once, by all threads.
struct Slice {
  std::int64_t begin, rows;
};

/// Work on rows [begin, begin + count) in the calling thread.
using RowsWork = std::function<void(std::int64_t begin, std::int64_t count)>;

/// Calls work(slice) for slices of about equal size that cover the rows, one after the other. `width` is of
/// the widest of the arrays between a layer's products, of which few are alive at once.
void for_each_slice(std::int64_t rows, std::int64_t width, const std::function<void(const Slice&)>& work);

/// Calls work(begin, count) for parts that cover `rows`, on all threads; rows too few to be worth it are one
/// part, in the calling thread.
void share_rows(std::int64_t rows, std::int64_t width, const RowsWork& work);

/// rounded = rows × columns numbers, whose rows lie `leading` apart, one row after the other.
void round_rows(const float* numbers, std::int64_t leading, std::int64_t rows, std::int64_t columns,
                kernels::Bf16* rounded);

}  // namespace conceptune::model
