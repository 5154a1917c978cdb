// A batch's rows shared out among the threads.
#pragma once

#include <cstdint>
#include <functional>

namespace conceptune::model {

/// Consecutive rows that one thread works on.
struct Slice {
  std::int64_t begin, rows, number;
};

/// Rows split over the threads; few rows are one slice, whose matrix products are split instead.
class Slices {
 public:
  explicit Slices(std::int64_t rows);
  std::int64_t count() const { return count_; }
  /// Calls work(slice) for every slice, on all threads.
  void for_each(const std::function<void(const Slice&)>& work) const;

 private:
  std::int64_t rows_, count_;
};

}  // namespace conceptune::model
