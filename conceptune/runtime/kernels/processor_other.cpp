// A processor that is no x86: the plain kernels alone, which the compiler turns into the vectors that it has.
#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/dense_versions.h"
#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/logit_kernels.h"
#include "conceptune/runtime/kernels/processor.h"

namespace conceptune::kernels {

Isa best_isa() { return Isa::plain; }

// What is never chosen, since best_isa() does not name it.
namespace avx2 {
const AttentionKernels kAttentionKernels{};
const ConversionKernels kConversionKernels{};
const DenseTable kDense{};
const DequantiseTable<float> kDequantise{};
const LayerKernels kLayerKernels{};
const LogitKernels kLogitKernels{};
}  // namespace avx2
namespace avx512 {
const AttentionKernels kAttentionKernels{};
const ConversionKernels kConversionKernels{};
const DenseTable kDense{};
const DequantiseTable<float> kDequantise{};
const LayerKernels kLayerKernels{};
const LogitKernels kLogitKernels{};
}  // namespace avx512
namespace avx512bf16 {
const AttentionKernels kAttentionKernels{};
const ConversionKernels kConversionKernels{};
const DequantiseTable<std::uint16_t> kDequantise{};
}  // namespace avx512bf16

}  // namespace conceptune::kernels
