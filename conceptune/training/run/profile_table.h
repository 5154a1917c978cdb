// A profile of training as a table for people.
#pragma once

#include <string>
#include <vector>

#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::training {

/// What a profile is held against.
struct ProfileFrame {
  double seconds = 0;  ///< that passed while it ran
  int threads = 1;
  double product_rate = 0;  ///< FLOP per second of matrix products alone (model::product_rate)
};

/// One line an operation: seconds on all threads, share of the time, GFLOP/s and their share of the limit
/// where FLOP are counted; then what no operation accounts for (waiting included) and, over everything, the
/// share of the limit. Each line ends in a newline.
std::string profile_table(const std::vector<kernels::ProfiledOperation>& operations,
                          const ProfileFrame& frame);

}  // namespace conceptune::training
