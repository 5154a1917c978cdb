// Softmax over rows of logits as the training objective needs it, in the calling thread; one version per
// instruction set.
//
// Shapes: V vocabulary.
#pragma once

#include <cstdint>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// The functions of one instruction set. `count` is at least 1.
struct LogitKernels {
  /// Largest of a row, and the sum of e^(logit − largest). A NaN makes the sum NaN.
  void (*reduce)(const float* logits_V, std::int64_t count, float* largest, double* sum);
  /// How many logits are above `threshold`, and the sum of e^(logit − largest) · (logit − largest).
  void (*describe)(const float* logits_V, std::int64_t count, float threshold, float largest,
                   std::int64_t* above, double* weighted_sum);
  /// logit := factor · e^(logit − shift).
  void (*scaled_exponential)(float* logits_V, std::int64_t count, float shift, float factor);
};

/// Of the active instruction set.
const LogitKernels& logit_kernels();
const LogitKernels& logit_kernels_of(Isa isa);

namespace plain {
extern const LogitKernels kLogitKernels;
}
namespace avx2 {
extern const LogitKernels kLogitKernels;
}
namespace avx512 {
extern const LogitKernels kLogitKernels;
}

}  // namespace conceptune::kernels
