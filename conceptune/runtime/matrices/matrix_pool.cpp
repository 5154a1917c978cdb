#include "conceptune/runtime/matrices/matrix_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "conceptune/base/memory.h"

namespace conceptune::model {
namespace {

/// Matrices begin at cache lines.
constexpr std::int64_t kLine = 64;
/// Addresses asked for at once. Memory stands behind those only that were written to.
constexpr std::int64_t kSegmentBytes = 256 << 20;
constexpr std::int64_t kLargePage = 2 << 20;

std::int64_t rounded_up(std::int64_t bytes, std::int64_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Addresses that are the pool's, from a large page's begin on.
class Segment {
 public:
  explicit Segment(std::int64_t bytes) : mapped_(bytes + kLargePage) {
    memory_ =
        ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    const auto address = reinterpret_cast<std::intptr_t>(memory_);
    begin_ = static_cast<std::byte*>(memory_) + (rounded_up(address, kLargePage) - address);
    prefer_large_pages(begin_, bytes);
  }
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  ~Segment() { ::munmap(memory_, mapped_); }

  std::byte* begin() const { return begin_; }
  std::int64_t reached() const { return reached_; }
  void reach(std::int64_t end) { reached_ = std::max(reached_, end); }

 private:
  std::int64_t mapped_, reached_ = 0;
  void* memory_;
  std::byte* begin_;
};

}  // namespace

class MatrixPool::Memory {
 public:
  struct Block {
    std::size_t segment;
    std::int64_t begin, bytes;
    std::byte* memory;
  };

  /// The first free memory that is large enough, oldest segment first.
  Block take(std::int64_t bytes) {
    const std::scoped_lock lock(mutex_);
    for (std::size_t i = 0; i < segments_.size(); ++i)
      for (auto range = free_[i].begin(); range != free_[i].end(); ++range)
        if (range->second >= bytes) return take_from(i, range, bytes);
    const std::int64_t size = std::max(kSegmentBytes, rounded_up(bytes, kLargePage));
    segments_.push_back(std::make_unique<Segment>(size));
    free_.push_back({{0, size}});
    return take_from(segments_.size() - 1, free_.back().begin(), bytes);
  }

  void give_back(const Block& block) {
    const std::scoped_lock lock(mutex_);
    Ranges& free = free_[block.segment];
    auto range = free.emplace(block.begin, block.bytes).first;
    if (range != free.begin()) range = joined_with_next(free, std::prev(range));
    joined_with_next(free, range);
  }

  std::int64_t held() const {
    const std::scoped_lock lock(mutex_);
    std::int64_t held = 0;
    for (const auto& segment : segments_) held += segment->reached();
    return held;
  }

 private:
  using Ranges = std::map<std::int64_t, std::int64_t>;  // begin, bytes

  Block take_from(std::size_t segment, Ranges::iterator range, std::int64_t bytes) {
    const auto [begin, there] = *range;
    free_[segment].erase(range);
    if (there > bytes) free_[segment].emplace(begin + bytes, there - bytes);
    segments_[segment]->reach(begin + bytes);
    return {segment, begin, bytes, segments_[segment]->begin() + begin};
  }

  /// The range, together with the next one where that begins at its end; else the next one.
  static Ranges::iterator joined_with_next(Ranges& free, Ranges::iterator range) {
    const auto next = std::next(range);
    if (next == free.end() || range->first + range->second != next->first) return next;
    range->second += next->second;
    free.erase(next);
    return range;
  }

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Segment>> segments_;
  std::vector<Ranges> free_;  // of each segment
};

MatrixPool::MatrixPool() : memory_(std::make_shared<Memory>()) {}

Matrix MatrixPool::matrix(std::int64_t rows, std::int64_t width) const {
  const std::int64_t values = std::max<std::int64_t>(1, rows * width);
  const Memory::Block block =
      memory_->take(rounded_up(values * static_cast<std::int64_t>(sizeof(float)), kLine));
  std::shared_ptr<const void> owner(block.memory,
                                    [memory = memory_, block](const void*) { memory->give_back(block); });
  return {reinterpret_cast<float*>(block.memory), rows, width, std::move(owner)};
}

std::vector<Matrix> MatrixPool::matrices(std::int64_t rows, const std::vector<std::int64_t>& widths) const {
  const auto all = std::make_shared<const Matrix>(
      matrix(rows, std::accumulate(widths.begin(), widths.end(), std::int64_t{0})));
  std::vector<Matrix> matrices;
  float* values = all->values();
  for (const std::int64_t width : widths) {
    matrices.emplace_back(values, rows, width, all);
    values += rows * width;
  }
  return matrices;
}

std::int64_t MatrixPool::held_bytes() const { return memory_->held(); }

}  // namespace conceptune::model
