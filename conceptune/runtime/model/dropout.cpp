#include "conceptune/runtime/model/dropout.h"

#include <fmt/format.h>

#include "conceptune/base/random.h"

namespace conceptune::model {
namespace {

/// The finaliser of splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
/// 2014).
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

}  // namespace

void fill_dropout_mask(const DropoutStream& stream, double rate, std::int64_t first_row, std::int64_t rows,
                       std::int64_t columns, float* values) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;  // splitmix64's increment
  const std::uint64_t key =
      Random(stream.seed, "dropout " + module_name(stream.layer, stream.projection)).next();
  const auto threshold = static_cast<std::uint64_t>(rate * 0x1p32);
  const auto kept = static_cast<float>(1.0 / (1.0 - rate));
  const auto first = static_cast<std::uint64_t>(first_row * columns + 1);
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const std::uint64_t draw = mixed(key + (first + static_cast<std::uint64_t>(i)) * kGolden) >> 32;
    values[i] = draw < threshold ? 0.0F : kept;
  }
}

}  // namespace conceptune::model
