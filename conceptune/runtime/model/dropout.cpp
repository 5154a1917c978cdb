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

at::Tensor dropout_mask(const DropoutStream& stream, double rate, std::int64_t rows, std::int64_t columns) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;  // splitmix64's increment
  const std::uint64_t key =
      Random(stream.seed, "dropout " + module_name(stream.layer, stream.projection)).next();
  const auto threshold = static_cast<std::uint64_t>(rate * 0x1p32);
  const auto kept = static_cast<float>(1.0 / (1.0 - rate));
  at::Tensor mask_NI = at::empty({rows, columns}, at::kFloat);
  float* values = mask_NI.data_ptr<float>();
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const std::uint64_t draw = mixed(key + static_cast<std::uint64_t>(i + 1) * kGolden) >> 32;
    values[i] = draw < threshold ? 0.0F : kept;
  }
  return mask_NI;
}

}  // namespace conceptune::model
