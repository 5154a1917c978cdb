#include "conceptune/runtime/kernels/dequantise.h"

#include "conceptune/runtime/kernels/dequantise_versions.h"

namespace conceptune::kernels {
namespace {

const DequantiseTable& table_of(Isa isa) {
  switch (isa) {
    case Isa::plain:
      return plain::kDequantise;
    case Isa::avx2:
      return avx2::kDequantise;
    case Isa::avx512:
    case Isa::avx512bf16:
      break;
  }
  return avx512::kDequantise;
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
