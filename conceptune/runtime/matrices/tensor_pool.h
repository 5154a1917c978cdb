// Memory for the large tensors of a pass that the next pass uses again: the system clears each page that it
// gives out, which takes a tenth of a fast training step.
#pragma once

#include "conceptune/torch_pch.h"

namespace conceptune::model {

/// Float32 matrices on the CPU. Copies share the memory; tensors may outlive the pool. Thread-safe.
class TensorPool {
 public:
  TensorPool();
  /// rows × width, its contents undefined, as near to the memory's begin as it fits: batches of any size use
  /// the same memory. When the last tensor over it dies, the memory is free for others.
  at::Tensor matrix(std::int64_t rows, std::int64_t width) const;
  /// Bytes that tensors reached up to so far; the system holds no more for the pool.
  std::int64_t held_bytes() const;

 private:
  class Memory;
  std::shared_ptr<Memory> memory_;
};

}  // namespace conceptune::model
