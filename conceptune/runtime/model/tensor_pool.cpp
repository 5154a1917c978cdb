#include "conceptune/runtime/model/tensor_pool.h"

#include <sys/mman.h>

#include <map>
#include <mutex>

#include "conceptune/base/memory.h"

namespace conceptune::model {

class TensorPool::Blocks {
 public:
  struct Block {
    void* memory;
    std::int64_t bytes;
  };

  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() { unmap_free(0); }

  /// The smallest free block that is large enough and not wastefully large, else a new one.
  Block take(std::int64_t bytes) {
    const std::scoped_lock lock(mutex_);
    constexpr std::int64_t kMostWaste = 2;  // times what is needed
    const auto found = free_.lower_bound(bytes);
    if (found != free_.end() && found->first <= kMostWaste * bytes) {
      const Block block = {found->second, found->first};
      free_.erase(found);
      return count_used(block);
    }
    most_used_ = std::max(most_used_, used_ + bytes);
    unmap_free(most_used_ - used_ - bytes);
    void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    prefer_large_pages(memory, bytes);
    held_ += bytes;
    return count_used({memory, bytes});
  }

  void give_back(const Block& block) {
    const std::scoped_lock lock(mutex_);
    used_ -= block.bytes;
    free_.emplace(block.bytes, block.memory);
  }

  std::int64_t held() const {
    const std::scoped_lock lock(mutex_);
    return held_;
  }

 private:
  Block count_used(const Block& block) {
    used_ += block.bytes;
    most_used_ = std::max(most_used_, used_);
    return block;
  }

  /// Lets free blocks go, smallest first, until they hold no more than `bytes`.
  void unmap_free(std::int64_t bytes) {
    while (!free_.empty() && held_ - used_ > bytes) {
      const auto smallest = free_.begin();
      ::munmap(smallest->second, smallest->first);
      held_ -= smallest->first;
      free_.erase(smallest);
    }
  }

  mutable std::mutex mutex_;
  std::multimap<std::int64_t, void*> free_;  // by size
  std::int64_t held_ = 0, used_ = 0, most_used_ = 0;
};

TensorPool::TensorPool() : blocks_(std::make_shared<Blocks>()) {}

at::Tensor TensorPool::matrix(std::int64_t rows, std::int64_t width) const {
  constexpr std::int64_t kGrain = 1 << 16;  // so that batches of about the same size share blocks
  const std::int64_t values = std::max<std::int64_t>(1, rows * width);
  const std::int64_t bytes =
      (values * static_cast<std::int64_t>(sizeof(float)) + kGrain - 1) / kGrain * kGrain;
  const Blocks::Block block = blocks_->take(bytes);
  return at::from_blob(
      block.memory, {rows, width}, [blocks = blocks_, block](void*) { blocks->give_back(block); },
      at::kFloat);
}

std::int64_t TensorPool::held_bytes() const { return blocks_->held(); }

}  // namespace conceptune::model
