// Shapes: N rows, I width in, O columns of one thread.
#include "conceptune/runtime/model/machine_rate.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <numeric>
#include <vector>

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::model {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::int64_t kRows = 256;
constexpr double kProcessorSeconds = 0.7;  // of each thread
constexpr double kLongest = 5;  // by the clock, where other programs leave a thread hardly any time

double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// One thread's part of a product with an MLP's matrix.
class Product {
 public:
  Product(const weights::ModelConfig& config, bool bf16, int threads)
      : in_(config.width), out_(std::max<std::int64_t>(16, config.mlp_width / threads)) {
    if (bf16) {
      bf16_x_NI_.assign(static_cast<std::size_t>(kRows * in_), kBf16One);
      bf16_weight_OI_.assign(static_cast<std::size_t>(out_ * in_), kBf16One);
    } else {
      x_NI_.assign(static_cast<std::size_t>(kRows * in_), 1);
      weight_OI_.assign(static_cast<std::size_t>(out_ * in_), 1);
    }
    y_NO_.resize(static_cast<std::size_t>(kRows * out_));
  }

  double flop() const { return 2.0 * static_cast<double>(kRows * in_ * out_); }

  void run() {
    const kernels::GemmShape shape{kRows, out_, in_};
    if (x_NI_.empty())
      kernels::bf16_gemm(shape, {bf16_x_NI_.data(), in_}, {bf16_weight_OI_.data(), in_, true}, false,
                         y_NO_.data(), out_);
    else
      kernels::parallel_gemm(shape, 1, {x_NI_.data(), in_}, {weight_OI_.data(), in_, true}, 0, y_NO_.data(),
                             out_);
  }

 private:
  static constexpr std::uint16_t kBf16One = 0x3f80;
  std::int64_t in_, out_;
  std::vector<float> x_NI_, weight_OI_, y_NO_;
  std::vector<std::uint16_t> bf16_x_NI_, bf16_weight_OI_;
};

}  // namespace

MachineRate measure_machine(const weights::ModelConfig& config, DataType type) {
  const int threads = model::threads();
  model::set_threads(threads);
  const bool bf16 = type == DataType::bfloat16 && fastest_products() == ProductType::bfloat16;
  std::vector<Product> products(static_cast<std::size_t>(threads), Product(config, bf16, threads));
  std::vector<double> rates(products.size()), flop(products.size());
  const kernels::SingleThreadedBlas single_threaded;
  const auto begun = Clock::now();
  kernels::parallel_for(threads, [&](std::int64_t thread) {
    const auto i = static_cast<std::size_t>(thread);
    products[i].run();  // the first one makes what the library keeps for the shape
    const double thread_begun = thread_seconds();
    do {
      products[i].run();
      flop[i] += products[i].flop();
    } while (thread_seconds() - thread_begun < kProcessorSeconds &&
             Seconds(Clock::now() - begun).count() < kLongest);
    rates[i] = flop[i] / (thread_seconds() - thread_begun);
  });
  const double seconds = Seconds(Clock::now() - begun).count();
  return {std::reduce(rates.begin(), rates.end()), std::reduce(flop.begin(), flop.end()) / seconds};
}

}  // namespace conceptune::model
