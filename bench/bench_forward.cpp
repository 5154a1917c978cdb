// The decoder's forward and backward passes against the machine's own rate of matrix products, on the same
// shapes in the same process.
//
// usage: bench_forward [--model M] [--length TOKENS] [--sequences N] [--repeats N]
//
// Checks the fused layers against libtorch's operations first. Then measures, best of the repeats:
//   products    the layers' matrix products alone: forward, and forward with input gradients
//   forward     all layers, no gradients; top_k: the head and the 200 most probable tokens at every position
//   training    forward and backward through the layers, LoRA of rank 4 on q, k, v, o
// A share is the time of the products over the time of the whole. The last line is JSON.
#include <sys/resource.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <chrono>

#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/generation/top_k.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/threads.h"

namespace conceptune {
namespace {

struct Options {
  std::string model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
  int length = 256, sequences = 4, repeats = 5;
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double best_seconds(int repeats, const std::function<void()>& work) {
  work();  // caches, pages and threads warm
  double best = seconds_of(work);
  for (int i = 1; i < repeats; ++i) best = std::min(best, seconds_of(work));
  return best;
}

model::PackedBatch random_batch(const Options& options, std::int64_t vocabulary) {
  model::PackedBatch batch;
  Random random(1);
  for (int s = 0; s < options.sequences; ++s) {
    std::vector<std::int32_t> tokens(options.length);
    for (auto& token : tokens) token = static_cast<std::int32_t>(random.below(vocabulary));
    batch.append(tokens);
  }
  return batch;
}

/// The products of all layers, y = x Wᵀ, and with `gradients` d_x = d_y W too: by libtorch, or split over our
/// threads as the fused layers do. The faster one is the machine's rate.
double product_seconds(const weights::ModelConfig& config, std::int64_t tokens, bool gradients, int repeats) {
  std::vector<std::array<at::Tensor, 3>> operands;  // x_NI, w_OI, y_NO
  for (const model::Projection projection : model::kProjections) {
    const auto shape = model::projection_shape(config, projection);
    operands.push_back(
        {at::randn({tokens, shape.in}), at::randn({shape.out, shape.in}), at::randn({tokens, shape.out})});
  }
  const double by_libtorch = best_seconds(repeats, [&] {
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
      for (auto& [x_NI, w_OI, y_NO] : operands) {
        at::mm_out(y_NO, x_NI, w_OI.t());
        if (gradients) at::mm_out(x_NI, y_NO, w_OI).mul_(1e-3);
      }
  });
  const kernels::SingleThreadedBlas single_threaded;
  const double by_us = best_seconds(repeats, [&] {
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
      for (auto& [x_NI, w_OI, y_NO] : operands) {
        const std::int64_t in = w_OI.size(1), out = w_OI.size(0);
        float *x = x_NI.data_ptr<float>(), *w = w_OI.data_ptr<float>(), *y = y_NO.data_ptr<float>();
        kernels::parallel_gemm({tokens, out, in}, 1e-3F, {x, in}, {w, in, true}, 0, y, out);
        if (gradients) kernels::parallel_gemm({tokens, in, out}, 1e-3F, {y, out}, {w, in}, 0, x, in);
      }
  });
  return std::min(by_libtorch, by_us);
}

/// Largest difference between fused and plain hidden states, relative to the largest value.
double check(const std::shared_ptr<const weights::WeightStore>& store, const model::Decoder& decoder) {
  const at::NoGradGuard no_grad;
  const model::PackedBatch batch = random_batch({.length = 70, .sequences = 2}, decoder.config().vocabulary);
  const at::Tensor expected_ND = model::Decoder(store, {.fused = false}).forward(batch);
  return ((decoder.forward(batch) - expected_ND).abs().max() / expected_ND.abs().max()).item<double>();
}

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

int run(const Options& options) {
  std::shared_ptr<const weights::WeightStore> store;
  std::unique_ptr<model::Decoder> decoder;
  at::Tensor first_logits;
  const double first_logit = seconds_of([&] {
    const at::NoGradGuard no_grad;
    store = weights::WeightStore::open(options.model);
    decoder = std::make_unique<model::Decoder>(store);
    first_logits = decoder->project(decoder->forward({{1}, {0, 1}}));
  });
  const model::PackedBatch batch = random_batch(options, decoder->config().vocabulary);
  const auto tokens = static_cast<double>(batch.size());
  at::Tensor hidden_ND;
  const double forward = best_seconds(options.repeats, [&] {
    const at::NoGradGuard no_grad;
    hidden_ND = decoder->forward(batch);
  });
  const double forward_rss = peak_rss_mb();
  model::LoraAdapter adapter(decoder->config(), {}, 1);
  const at::Tensor d_hidden_ND = at::randn_like(hidden_ND);
  const double training =
      best_seconds(options.repeats, [&] { decoder->forward(batch, &adapter).backward(d_hidden_ND); });
  const double training_rss = peak_rss_mb();
  const double projecting =
      best_seconds(options.repeats, [&] { decoder->project(hidden_ND.slice(0, 0, 64)); });
  const double top_200 = best_seconds(options.repeats, [&] { generation::top_k(*decoder, hidden_ND, 200); });
  const double products = product_seconds(decoder->config(), batch.size(), false, options.repeats);
  const double all_products = product_seconds(decoder->config(), batch.size(), true, options.repeats);
  const double difference = check(store, *decoder);
  const double selection = std::max(0.0, top_200 - projecting * tokens / 64);
  const Json result = {{"model", store->config().name},
                       {"threads", model::threads()},
                       {"tokens", batch.size()},
                       {"length", options.length},
                       {"difference_from_plain", difference},
                       {"first_logit_s", first_logit},
                       {"forward_tokens_per_s", tokens / forward},
                       {"forward_share_of_gemm", products / forward},
                       {"top_200_tokens_per_s", tokens / (forward + top_200)},
                       {"selection_over_forward", selection / forward},
                       {"training_tokens_per_s", tokens / training},
                       {"training_share_of_gemm", all_products / training},
                       {"forward_peak_rss_mb", forward_rss},
                       {"training_peak_rss_mb", training_rss}};
  for (const auto& [name, value] : result.items()) fmt::print("{:<24} {}\n", name, to_json_text(value));
  fmt::print("{}\n", to_json_text(result));
  return difference < 1e-4 ? 0 : 1;
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Options options;
  CLI::App program{"Forward and backward passes against the machine's rate of matrix products"};
  program.add_option("--model", options.model, "A model file or folder");
  program.add_option("--length", options.length, "Tokens of a sequence");
  program.add_option("--sequences", options.sequences, "Sequences of the batch");
  program.add_option("--repeats", options.repeats, "Repeats of each measurement; the best counts");
  CLI11_PARSE(program, argc, argv);
  return conceptune::run(options);
}
