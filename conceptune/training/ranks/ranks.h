// The processes that train one model together on shares of every batch, as one of them sees the others.
//
// Every rank calls the same functions in the same order; a call returns once all have made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/training/models/passes.h"

namespace conceptune::training {

/// Another rank ended or did not answer in time: what the ranks do together cannot go on.
class LostRank : public SystemError {
 public:
  using SystemError::SystemError;
};

class Ranks {
 public:
  virtual ~Ranks() = default;

  /// This process's number in [0, size()). Rank 0 writes the run's files.
  virtual std::int64_t rank() const = 0;
  virtual std::int64_t size() const = 0;
  /// Replaces numbers by their sums over all ranks: equal bits on each. Throws LostRank.
  virtual void sum(std::span<float> numbers) = 0;
  virtual void sum(std::span<double> numbers) = 0;
  /// The same with half the bytes sent: numbers are rounded to bfloat16, and so is each sum on its way. What
  /// a single rank has is not rounded.
  virtual void sum_rounded(std::span<float> numbers) = 0;
  /// Replaces bytes by rank 0's. Throws LostRank.
  virtual void copy_from_first(std::span<std::byte> bytes) = 0;

  bool is_first() const { return rank() == 0; }
  /// The share of work that is this rank's.
  Share share() const { return {rank(), size()}; }
};

/// The only rank there is; sums and copies are what they were.
class SingleRank : public Ranks {
 public:
  std::int64_t rank() const override { return 0; }
  std::int64_t size() const override { return 1; }
  void sum(std::span<float>) override {}
  void sum(std::span<double>) override {}
  void sum_rounded(std::span<float>) override {}
  void copy_from_first(std::span<std::byte>) override {}
};

/// Which of the flags are set on any rank.
std::vector<bool> any(Ranks& ranks, const std::vector<bool>& flags);

/// The text that rank 0 gives.
std::string text_of_first(Ranks& ranks, std::string text);

PassTotals sum_totals(Ranks& ranks, const PassTotals& totals);

/// Replaces matrices by rank 0's.
void copy_from_first(Ranks& ranks, const std::vector<model::Matrix>& matrices);

/// Throws Error on every rank unless the matrices are the same to the bit on all.
void check_equal_bits(Ranks& ranks, const std::vector<model::Matrix>& matrices);

}  // namespace conceptune::training
