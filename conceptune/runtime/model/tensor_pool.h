// Memory for the large tensors of a pass that the next pass uses again: the system clears each page that it
// gives out, which takes a tenth of a fast training step.
#pragma once

#include "conceptune/torch_pch.h"

namespace conceptune::model {

/// Float32 matrices on the CPU. Copies share the memory; tensors may outlive the pool. Thread-safe.
class TensorPool {
 public:
  TensorPool();
  /// rows × width, its contents undefined. When the last tensor over it dies, the memory is free for others;
  /// the pool never holds more than was in use at once.
  at::Tensor matrix(std::int64_t rows, std::int64_t width) const;
  /// Bytes held, in use or free.
  std::int64_t held_bytes() const;

 private:
  class Blocks;
  std::shared_ptr<Blocks> blocks_;
};

}  // namespace conceptune::model
