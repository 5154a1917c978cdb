// Softmax over rows of logits as loops that the compiler turns into vectors of the instruction set that the
// including file is built for. It defines CONCEPTUNE_ISA_NAMESPACE.
#include "conceptune/runtime/kernels/exponential.inl"
#include "conceptune/runtime/kernels/logit_kernels.h"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// Sums of float32 stay exact enough within a block; the blocks are added in double. Sanitizers keep the
/// compiler from adding in a vector's lanes, each of which takes its part of a block.
#ifdef __SANITIZE_ADDRESS__
constexpr std::int64_t kBlock = 128;
#else
constexpr std::int64_t kBlock = 2048;
#endif

void reduce(const float* logits_V, std::int64_t count, float* largest, double* sum) {
  float top = logits_V[0];
#pragma omp simd reduction(max : top)
  for (std::int64_t v = 0; v < count; ++v) top = logits_V[v] > top ? logits_V[v] : top;
  *largest = top;
  *sum = 0;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = begin + kBlock < count ? begin + kBlock : count;
    float total = 0;
#pragma omp simd reduction(+ : total)
    for (std::int64_t v = begin; v < end; ++v) total += exponential(logits_V[v] - top);
    *sum += total;
  }
}

void describe(const float* logits_V, std::int64_t count, float threshold, float largest, std::int64_t* above,
              double* weighted_sum) {
  *above = 0;
  *weighted_sum = 0;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = begin + kBlock < count ? begin + kBlock : count;
    std::int32_t higher = 0;
    float total = 0;
#pragma omp simd reduction(+ : higher, total)
    for (std::int64_t v = begin; v < end; ++v) {
      const float below_largest = logits_V[v] - largest;
      higher += logits_V[v] > threshold ? 1 : 0;
      total += exponential(below_largest) * below_largest;
    }
    *above += higher;
    *weighted_sum += total;
  }
}

void scaled_exponential(float* logits_V, std::int64_t count, float shift, float factor) {
#pragma omp simd
  for (std::int64_t v = 0; v < count; ++v) logits_V[v] = factor * exponential(logits_V[v] - shift);
}

}  // namespace

extern const LogitKernels kLogitKernels = {reduce, describe, scaled_exponential};

}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
