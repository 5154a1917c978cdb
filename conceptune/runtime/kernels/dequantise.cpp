#include "conceptune/runtime/kernels/dequantise.h"

#include <algorithm>
#include <array>

#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {
namespace {

const DequantiseTable<float>& table_of(Isa isa) {
  return version_for(isa, plain::kDequantise, avx2::kDequantise, avx512::kDequantise, avx512::kDequantise);
}

template <class Number>
void expand(const DequantiseTable<Number>& table, BlockType type, const std::uint8_t* blocks,
            std::size_t count, Number* out) {
  table[static_cast<std::size_t>(type)](blocks, count / layout_of(type).values, out);
}

/// Where no instruction rounds: by way of floats, as many at once as stay in the nearest cache.
void expand_and_round(BlockType type, const std::uint8_t* blocks, std::size_t count, Bf16* out) {
  constexpr std::size_t kAtOnce = 1 << 11;
  const BlockLayout layout = layout_of(type);
  std::array<float, kAtOnce> values;
  for (std::size_t done = 0; done < count; done += kAtOnce) {
    const std::size_t part = std::min(kAtOnce, count - done);
    dequantise(type, blocks + done / layout.values * layout.bytes, part, values.data());
    conversion_kernels().to_bf16(values.data(), static_cast<std::int64_t>(part), out + done);
  }
}

}  // namespace

void dequantise(BlockType type, const void* blocks, std::size_t count, float* out) {
  dequantise_with(active_isa(), type, blocks, count, out);
}

void dequantise(BlockType type, const void* blocks, std::size_t count, Bf16* out) {
  const auto* const bytes = static_cast<const std::uint8_t*>(blocks);
  if (active_isa() == Isa::avx512bf16)
    expand(avx512bf16::kDequantise, type, bytes, count, out);
  else
    expand_and_round(type, bytes, count, out);
}

void dequantise_with(Isa isa, BlockType type, const void* blocks, std::size_t count, float* out) {
  expand(table_of(isa), type, static_cast<const std::uint8_t*>(blocks), count, out);
}

}  // namespace conceptune::kernels
