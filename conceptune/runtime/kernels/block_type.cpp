#include "conceptune/runtime/kernels/block_type.h"

#include <algorithm>
#include <array>

namespace conceptune::kernels {
namespace {

// In the order of BlockType.
constexpr std::array<BlockLayout, 11> kLayouts = {{{"F32", 1, 4},
                                                   {"F16", 1, 2},
                                                   {"BF16", 1, 2},
                                                   {"Q4_0", 32, 18},
                                                   {"Q4_1", 32, 20},
                                                   {"Q5_0", 32, 22},
                                                   {"Q5_1", 32, 24},
                                                   {"Q8_0", 32, 34},
                                                   {"Q4_K", 256, 144},
                                                   {"Q5_K", 256, 176},
                                                   {"Q6_K", 256, 210}}};

}  // namespace

BlockLayout layout_of(BlockType type) { return kLayouts[static_cast<std::size_t>(type)]; }

std::optional<BlockType> block_type_named(std::string_view name) {
  const auto* found = std::ranges::find(kLayouts, name, &BlockLayout::name);
  if (found == kLayouts.end()) return std::nullopt;
  return static_cast<BlockType>(found - kLayouts.begin());
}

std::string block_type_names() {
  std::string text;
  for (const BlockLayout& layout : kLayouts) text.append(text.empty() ? "" : ", ").append(layout.name);
  return text;
}

}  // namespace conceptune::kernels
