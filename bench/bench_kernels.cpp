// Dequantisation: every version is checked against plain, then timed beside it and beside copying as many
// floats. usage: bench_kernels
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/kernels/dequantise.h"

namespace conceptune::kernels {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kValues = std::size_t{1} << 18;  // 1 MiB of floats: stays within a second-level cache
constexpr int kRounds = 9;

/// Random blocks; bytes that may hold a half keep an exponent far from infinity.
std::vector<unsigned char> random_blocks(BlockType type) {
  const BlockLayout layout = layout_of(type);
  std::vector<unsigned char> blocks(kValues / layout.values * layout.bytes);
  Random random(1, layout.name);
  for (auto& byte : blocks) byte = static_cast<unsigned char>(random.below(256) & 0xBF);
  return blocks;
}

/// Seconds of the fastest of several runs.
template <class Work>
double fastest(Work work) {
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto begun = Clock::now();
    for (int i = 0; i < 20; ++i) work();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begun).count() / 20);
  }
  return best;
}

bool bench_type(BlockType type) {
  const auto blocks = random_blocks(type);
  std::vector<float> plain(kValues);
  std::vector<float> values(kValues);
  std::vector<float> copy(kValues);
  dequantise_with(Isa::plain, type, blocks.data(), kValues, plain.data());
  const double copy_seconds =
      fastest([&] { std::memcpy(copy.data(), plain.data(), kValues * sizeof(float)); });
  double plain_seconds = 0;
  for (const Isa isa : supported_isas()) {
    dequantise_with(isa, type, blocks.data(), kValues, values.data());
    if (std::memcmp(values.data(), plain.data(), kValues * sizeof(float)) != 0) {
      fmt::print(stderr, "{} with {} differs from plain\n", layout_of(type).name, name_of(isa));
      return false;
    }
    const double seconds =
        fastest([&] { dequantise_with(isa, type, blocks.data(), kValues, values.data()); });
    if (isa == Isa::plain) plain_seconds = seconds;
    fmt::print("{:<5} {:<11} {:>6.2f} values/ns {:>6.1f} x plain {:>6.2f} x copying the floats\n",
               layout_of(type).name, name_of(isa), static_cast<double>(kValues) / seconds / 1e9,
               plain_seconds / seconds, copy_seconds / seconds);
  }
  return true;
}

}  // namespace
}  // namespace conceptune::kernels

int main() {
  using conceptune::kernels::BlockType;
  for (int type = 0; type <= static_cast<int>(BlockType::q6_k); ++type)
    if (!conceptune::kernels::bench_type(static_cast<BlockType>(type))) return 1;
  return 0;
}
