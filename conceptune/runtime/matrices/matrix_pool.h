// Memory for the large matrices of a pass that the next pass uses again: the system clears each page that it
// gives out, which takes a tenth of a fast training step.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::model {

/// Copies share the memory; matrices may outlive the pool. Thread-safe.
class MatrixPool {
 public:
  MatrixPool();
  /// rows × width, its contents undefined, as near to the memory's begin as it fits: batches of any size use
  /// the same memory. When the last handle of it dies, the memory is free for others.
  Matrix matrix(std::int64_t rows, std::int64_t width) const;
  /// Several of so many rows in one piece of memory, which is free when the last handle of all dies.
  std::vector<Matrix> matrices(std::int64_t rows, const std::vector<std::int64_t>& widths) const;
  /// Bytes that matrices reached up to so far; the system holds no more for the pool.
  std::int64_t held_bytes() const;

 private:
  class Memory;
  std::shared_ptr<Memory> memory_;
};

}  // namespace conceptune::model
