// Memory that loops use again, one of them a thread.
#pragma once

#include <cstdint>
#include <memory>
#include <new>

namespace conceptune::model {

template <class T>
class ReusedMemory {
 public:
  /// `size` values whose contents are undefined, from a cache line's begin on, until it is called again.
  T* take(std::int64_t size) {
    if (size > held_) {
      memory_.reset();
      held_ = 0;
      memory_.reset(static_cast<T*>(::operator new(static_cast<std::size_t>(size) * sizeof(T), kLine)));
      held_ = size;
    }
    return memory_.get();
  }

 private:
  static constexpr std::align_val_t kLine{64};
  struct Free {
    void operator()(T* values) const { ::operator delete(values, kLine); }
  };

  std::unique_ptr<T, Free> memory_;
  std::int64_t held_ = 0;
};

}  // namespace conceptune::model
