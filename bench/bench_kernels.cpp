// Every kernel by every instruction set of the machine: checked against plain, then timed beside it in one
// thread. usage: bench_kernels [PART_OF_A_NAME]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/dense.h"
#include "conceptune/runtime/kernels/dequantise.h"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/logit_kernels.h"

namespace conceptune::kernels {
namespace {

using Clock = std::chrono::steady_clock;
using Values = std::vector<float>;

constexpr int kRounds = 7;
constexpr std::int64_t kRows = 128, kWidth = 2048;  // 1 MiB of floats: stays within a second-level cache
constexpr std::int64_t kCount = kRows * kWidth;

/// A kernel and what it works on. `work` may add to what it wrote before; `reset` makes it begin anew.
struct Case {
  std::string name;
  std::int64_t values;  ///< that it makes or reads, for the rate
  double tolerance;     ///< difference from plain, relative to the largest value; 0 for the same bits
  std::function<void(Isa)> work;
  std::function<void()> reset;
  std::function<Values()> result;
  double bf16_tolerance = 0;  ///< the same where the instruction set brings bfloat16 products, if greater
};

/// Seconds of the fastest of several rounds, each long enough to time.
double fastest(const std::function<void()>& work) {
  const auto seconds_of = [&](int calls) {
    const auto begun = Clock::now();
    for (int i = 0; i < calls; ++i) work();
    return std::chrono::duration<double>(Clock::now() - begun).count() / calls;
  };
  const int calls = std::clamp(static_cast<int>(2e-3 / std::max(seconds_of(1), 1e-7)), 1, 1000);
  double best = seconds_of(calls);
  for (int round = 1; round < kRounds; ++round) best = std::min(best, seconds_of(calls));
  return best;
}

double difference(const Values& values, const Values& expected) {
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    worst = std::max(worst, static_cast<double>(std::abs(values[i] - expected[i])));
    largest = std::max(largest, static_cast<double>(std::abs(expected[i])));
    if (std::isnan(values[i]) != std::isnan(expected[i])) return std::numeric_limits<double>::infinity();
  }
  return worst / std::max(largest, 1e-30);
}

bool run(const Case& bench) {
  bench.reset();
  bench.work(Isa::plain);
  const Values expected = bench.result();
  double plain_seconds = 0;
  for (const Isa isa : supported_isas()) {
    bench.reset();
    bench.work(isa);
    const double tolerance =
        isa == Isa::avx512bf16 ? std::max(bench.tolerance, bench.bf16_tolerance) : bench.tolerance;
    if (const double apart = difference(bench.result(), expected); apart > tolerance) {
      fmt::print(stderr, "{} with {} differs from plain by {}\n", bench.name, name_of(isa), apart);
      return false;
    }
    bench.reset();
    const double seconds = fastest([&] { bench.work(isa); });
    if (isa == Isa::plain) plain_seconds = seconds;
    fmt::print("{:<27} {:<11} {:>7.2f} values/ns {:>6.1f} x plain\n", bench.name, name_of(isa),
               static_cast<double>(bench.values) / seconds / 1e9, plain_seconds / seconds);
  }
  return true;
}

Values random_values(std::int64_t count, std::string_view stream, double scale = 1) {
  Values values(count);
  Random random(1, stream);
  for (float& value : values) value = static_cast<float>(scale * random.normal());
  return values;
}

/// A case whose output is one array, overwritten at each call.
template <class Work>
Case into_array(std::string name, std::int64_t size, double tolerance, Work work) {
  const auto out = std::make_shared<Values>(size);
  return {std::move(name),
          size,
          tolerance,
          [=](Isa isa) { work(isa, out->data()); },
          [=] { std::fill(out->begin(), out->end(), 0.0F); },
          [=] { return *out; }};
}

/// A case that changes an array in place, from `initial` on.
template <class Work>
Case in_place(std::string name, const Values& initial, double tolerance, Work work) {
  const auto out = std::make_shared<Values>(initial);
  return {std::move(name),
          static_cast<std::int64_t>(initial.size()),
          tolerance,
          [=](Isa isa) { work(isa, out->data()); },
          [=] { *out = initial; },
          [=] { return *out; }};
}

/// Random blocks; bytes that may hold a half keep an exponent far from infinity.
std::vector<unsigned char> random_blocks(BlockType type) {
  const BlockLayout layout = layout_of(type);
  std::vector<unsigned char> blocks(kCount / layout.values * layout.bytes);
  Random random(1, layout.name);
  for (auto& byte : blocks) byte = static_cast<unsigned char>(random.below(256) & 0xBF);
  return blocks;
}

void add_dequantise(std::vector<Case>& cases) {
  for (int i = 0; i <= static_cast<int>(BlockType::q6_k); ++i) {
    const auto type = static_cast<BlockType>(i);
    cases.push_back(into_array(fmt::format("dequantise {}", layout_of(type).name), kCount, 0,
                               [type, blocks = random_blocks(type)](Isa isa, float* out) {
                                 dequantise_with(isa, type, blocks.data(), kCount, out);
                               }));
  }
}

void add_conversions(std::vector<Case>& cases) {
  const auto halves = std::make_shared<std::vector<std::uint16_t>>(kCount);
  const Values values = random_values(kCount, "values");
  conversion_kernels_of(Isa::plain).to_bf16(values.data(), kCount, halves->data());
  const auto rounded = std::make_shared<std::vector<std::uint16_t>>(kCount);
  cases.push_back(
      {"to bf16", kCount, 0,
       [=](Isa isa) { conversion_kernels_of(isa).to_bf16(values.data(), kCount, rounded->data()); },
       [=] { std::fill(rounded->begin(), rounded->end(), 0); },
       [=] { return Values(rounded->begin(), rounded->end()); }});
  cases.push_back(into_array("from bf16", kCount, 0, [=](Isa isa, float* out) {
    conversion_kernels_of(isa).from_bf16(halves->data(), kCount, out);
  }));
}

void add_dense(std::vector<Case>& cases) {
  constexpr std::int64_t kInputs = 384, kOutputs = 96, kPieces = MaxoutNormLayer::kPieces;
  const Values weight = random_values(kOutputs * kPieces * kInputs, "weight", 0.05);
  const Values bias = random_values(kOutputs * kPieces, "bias"), gain = random_values(kOutputs, "gain");
  const Values input = random_values(kRows * kInputs, "input");
  cases.push_back(into_array("dense linear", kRows * kOutputs * kPieces, 1e-5, [=](Isa isa, float* out) {
    static std::map<Isa, LinearLayer> layers;
    layers.try_emplace(isa, weight, bias, kOutputs * kPieces, isa)
        .first->second.run(input.data(), kInputs, kRows, out);
  }));
  cases.push_back(into_array("dense maxout norm", kRows * kOutputs, 1e-5, [=](Isa isa, float* out) {
    static std::map<Isa, MaxoutNormLayer> layers;
    layers.try_emplace(isa, weight, bias, gain, gain, isa)
        .first->second.run(input.data(), kInputs, nullptr, kRows, out);
  }));
}

void add_layer(std::vector<Case>& cases) {
  constexpr std::int64_t kHeadSize = 64, kPairs = kHeadSize / 2;
  const Values x = random_values(kCount, "x"), y = random_values(kCount, "y"),
               weight = random_values(kWidth, "w");
  const Values scale(kRows, 0.7F), cosine(kRows * kPairs, 0.6F), sine(kRows * kPairs, 0.8F);
  cases.push_back(into_array("rms norm", kCount, 1e-5, [=](Isa isa, float* out) {
    Values scales(kRows);
    layer_kernels_of(isa).rms_norm(x.data(), weight.data(), 1e-5F, kRows, kWidth, out, scales.data());
  }));
  cases.push_back(in_place("rms norm backward", x, 1e-5, [=](Isa isa, float* out) {
    layer_kernels_of(isa).rms_norm_backward(y.data(), x.data(), weight.data(), scale.data(), kRows, kWidth,
                                            out);
  }));
  cases.push_back(in_place("rotate", x, 1e-5, [=](Isa isa, float* out) {
    layer_kernels_of(isa).rotate(out, cosine.data(), sine.data(), 1, kRows, kWidth / kHeadSize, kHeadSize);
  }));
  cases.push_back(into_array("swiglu", kCount, 1e-5, [=](Isa isa, float* out) {
    layer_kernels_of(isa).swiglu(x.data(), y.data(), kCount, out);
  }));
  cases.push_back(into_array("swiglu backward", 2 * kCount, 1e-5, [=](Isa isa, float* out) {
    layer_kernels_of(isa).swiglu_backward(y.data(), x.data(), y.data(), kCount, out, out + kCount);
  }));
}

constexpr double kBf16Tolerance = 0.01;

/// The most capable one multiplies bfloat16 numbers.
const AttentionKernels& attention_of(Isa isa) {
  return isa == Isa::avx512bf16 ? attention_kernels(true) : attention_kernels_of(isa);
}

void add_attention(std::vector<Case>& cases) {
  constexpr std::int64_t kTokens = 256, kSize = 64, kHeads = 4, kQuery = kHeads * kSize;
  const Values q = random_values(kTokens * kQuery, "q"), k = random_values(kTokens * kSize, "k"),
               v = random_values(kTokens * kSize, "v"), d = random_values(kTokens * kQuery, "d");
  const auto task = [=](float* attended, float* log_sums) {
    return AttentionTask{kTokens,  kSize,    kHeads,   kQuery,   kSize,
                         q.data(), k.data(), v.data(), attended, log_sums};
  };
  cases.push_back(into_array("attention", kTokens * kQuery, 1e-5, [=](Isa isa, float* out) {
    static Scratch scratch;
    Values log_sums(kHeads * kTokens);
    attention_of(isa).forward(task(out, log_sums.data()), scratch);
  }));
  cases.back().bf16_tolerance = kBf16Tolerance;
  const auto attended = std::make_shared<Values>(kTokens * kQuery),
             sums = std::make_shared<Values>(kHeads * kTokens);
  Scratch memory;
  attention_kernels_of(Isa::plain).forward(task(attended->data(), sums->data()), memory);
  cases.push_back(
      into_array("attention backward", kTokens * (kQuery + 2 * kSize), 1e-5, [=](Isa isa, float* out) {
        static Scratch scratch;
        float* const d_k = out + kTokens * kQuery;
        attention_of(isa).backward(task(attended->data(), sums->data()),
                                   {d.data(), out, d_k, d_k + kTokens * kSize}, scratch);
      }));
  cases.back().bf16_tolerance = kBf16Tolerance;
}

/// `texts` after a shared prefix, each with `queries` new tokens after `seen` of its own.
void add_prefix_attention(std::vector<Case>& cases, std::string name, std::int64_t texts, std::int64_t seen,
                          std::int64_t queries) {
  constexpr std::int64_t kPrefix = 500, kSize = 64, kHeads = 3, kQuery = kHeads * kSize;
  const std::int64_t own = seen + queries;
  const Values q = random_values(texts * queries * kQuery, "q"),
               prefix_k = random_values(kPrefix * kSize, "prefix k"),
               prefix_v = random_values(kPrefix * kSize, "prefix v"),
               own_k = random_values(texts * own * kSize, "own k"),
               own_v = random_values(texts * own * kSize, "own v");
  std::vector<OwnKeys> pieces;
  for (std::int64_t text = 0; text < texts; ++text) pieces.push_back({text * own, own, queries});
  cases.push_back(into_array(std::move(name), texts * queries * kQuery, 1e-5, [=](Isa isa, float* out) {
    static Scratch scratch;
    attention_of(isa).to_prefix({kSize, kHeads, kQuery, kSize, q.data(), out, kPrefix, prefix_k.data(),
                                 prefix_v.data(), own_k.data(), own_v.data(), pieces.data(), texts},
                                scratch);
  }));
  cases.back().bf16_tolerance = kBf16Tolerance;
}

void add_prefix_attentions(std::vector<Case>& cases) {
  add_prefix_attention(cases, "prefix attention, decoding", 20, 30, 1);
  add_prefix_attention(cases, "prefix attention, prompt", 1, 0, 256);
}

void add_logits(std::vector<Case>& cases) {
  const Values logits = random_values(kCount, "logits", 5);
  const auto into_two = [&](std::string name, auto work) {
    Case made = into_array(std::move(name), 2, 1e-5, work);
    made.values = kCount;
    cases.push_back(std::move(made));
  };
  into_two("logits reduce", [=](Isa isa, float* out) {
    double sum = 0;
    logit_kernels_of(isa).reduce(logits.data(), kCount, out, &sum);
    out[1] = static_cast<float>(sum);
  });
  into_two("logits describe", [=](Isa isa, float* out) {
    double sum = 0;
    std::int64_t above = 0;
    logit_kernels_of(isa).describe(logits.data(), kCount, 1.0F, 25.0F, &above, &sum);
    out[0] = static_cast<float>(above);
    out[1] = static_cast<float>(sum);
  });
  cases.push_back(in_place("logits exponential", logits, 1e-5, [=](Isa isa, float* out) {
    logit_kernels_of(isa).scaled_exponential(out, kCount, 25.0F, 0.5F);
  }));
}

}  // namespace
}  // namespace conceptune::kernels

int main(int argc, char** argv) {
  using namespace conceptune::kernels;
  std::vector<Case> cases;
  for (const auto add : {add_dequantise, add_conversions, add_dense, add_layer, add_attention,
                         add_prefix_attentions, add_logits})
    add(cases);
  for (const Case& bench : cases)
    if ((argc < 2 || bench.name.find(argv[1]) != std::string::npos) && !run(bench)) return 1;
  return 0;
}
