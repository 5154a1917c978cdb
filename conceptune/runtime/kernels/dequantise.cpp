#include "conceptune/runtime/kernels/dequantise.h"

#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {
namespace {

const DequantiseTable& table_of(Isa isa) {
  return version_for(isa, plain::kDequantise, avx2::kDequantise, avx512::kDequantise, avx512::kDequantise);
}

}  // namespace

void dequantise(BlockType type, const void* blocks, std::size_t count, float* out) {
  dequantise_with(active_isa(), type, blocks, count, out);
}

void dequantise_with(Isa isa, BlockType type, const void* blocks, std::size_t count, float* out) {
  table_of(isa)[static_cast<std::size_t>(type)](static_cast<const std::uint8_t*>(blocks),
                                                count / layout_of(type).values, out);
}

}  // namespace conceptune::kernels
