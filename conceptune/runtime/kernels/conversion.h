// Between float32 and bfloat16, in the calling thread; one version per instruction set.
#pragma once

#include <cstdint>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// A bfloat16: the upper half of a float32.
using Bf16 = std::uint16_t;

/// The functions of one instruction set.
struct ConversionKernels {
  /// Rounds to the nearest bfloat16, ties to even; NaN stays NaN. Where the processor has an instruction for
  /// it (avx512bf16), numbers below 2⁻¹²⁶ become 0 (Intel SDM, VCVTNEPS2BF16); else every version gives the
  /// same bits.
  void (*to_bf16)(const float* values, std::int64_t count, Bf16* rounded);
  /// values = widened, exactly.
  void (*from_bf16)(const Bf16* rounded, std::int64_t count, float* values);
};

/// Of the active instruction set.
const ConversionKernels& conversion_kernels();
const ConversionKernels& conversion_kernels_of(Isa isa);

namespace plain {
extern const ConversionKernels kConversionKernels;
}
namespace avx2 {
extern const ConversionKernels kConversionKernels;
}
namespace avx512 {
extern const ConversionKernels kConversionKernels;
}
namespace avx512bf16 {
extern const ConversionKernels kConversionKernels;
}

}  // namespace conceptune::kernels
