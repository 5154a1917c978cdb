// The decoder's forward and backward passes against the machine's own rate of matrix products, on the same
// shapes in the same process.
//
// usage: bench_forward [--model M] [--type float32|bfloat16] [--memory expanded|compact] [--length TOKENS]
//                      [--sequences N] [--repeats N] [--no-training] [--no-check]
//
// Checks the fused layers against libtorch's operations first. Then measures, best of the repeats:
//   products    the layers' matrix products alone, in the type of the model: forward, and forward with input
//               gradients
//   forward     all layers, no gradients; top_k: the head and the 200 most probable tokens at every
//               eighth position
//   training    forward and backward through the layers, LoRA of rank 4 on q, k, v, o
// A share is the time of the products over the time of the whole. Memory is what the process has gained since
// before the model was opened, mapped pages of the model file included. The last line is JSON.
#include <malloc.h>

#include <fmt/format.h>
#include <chrono>
#include <fstream>

#include "bench/bench_program.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/generation/top_k.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/workload.h"

namespace conceptune {
namespace {

struct Options {
  std::string model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
  model::DecoderOptions decoder = {.memory = model::WeightMemory::expanded};
  int length = 256, sequences = 4, repeats = 5;
  bool training = true, check = true;
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

/// One line of /proc/self/status in MiB: VmRSS now, VmHWM at most so far.
double memory_mb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  return 0;
}

/// Makes VmHWM begin anew.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

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

/// Largest difference between fused and plain hidden states, relative to the largest value.
double check(const std::shared_ptr<const weights::WeightStore>& store, const model::Decoder& decoder) {
  const at::NoGradGuard no_grad;
  const model::PackedBatch batch = random_batch({.length = 70, .sequences = 2}, decoder.config().vocabulary);
  const at::Tensor expected_ND = model::Decoder(store, {.fused = false}).forward(batch);
  return ((decoder.forward(batch) - expected_ND).abs().max() / expected_ND.abs().max()).item<double>();
}

struct Limit {
  double products, share;  // FLOP per second of the layers' products alone; what a pass reaches of it
};

Limit share_of_products(const Options& options, const weights::ModelConfig& config, at::ScalarType type,
                        bool gradients, double tokens_per_s) {
  const model::ProductWork work = {.head = false, .gradients = gradients};
  const std::int64_t rows = std::int64_t{options.length} * options.sequences;
  const double rate = model::product_rate(config, rows, type, work, options.repeats);
  return {rate, tokens_per_s * model::product_flop_per_token(config, work) / rate};
}

void measure_training(const Options& options, const model::Decoder& decoder, const model::PackedBatch& batch,
                      at::ScalarType type, Json& result) {
  model::LoraAdapter adapter(decoder.config(), {}, 1);
  const at::Tensor d_hidden_ND = at::randn({batch.size(), decoder.config().width});
  const double seconds =
      best_seconds(options.repeats, [&] { decoder.forward(batch, &adapter).backward(d_hidden_ND); });
  const double rate = static_cast<double>(batch.size()) / seconds;
  result["training_tokens_per_s"] = rate;
  result["training_share_of_gemm"] = share_of_products(options, decoder.config(), type, true, rate).share;
}

/// The head and the choice of 200 tokens at every eighth position, and how much of that is the choice.
void measure_top_200(const Options& options, const model::Decoder& decoder, const at::Tensor& hidden_ND,
                     double forward, Json& result) {
  const at::NoGradGuard no_grad;
  const at::Tensor chosen_PD = hidden_ND.slice(0, 0, hidden_ND.size(0), 8).contiguous();
  const double all = best_seconds(options.repeats, [&] { generation::top_k(decoder, chosen_PD, 200); });
  const std::int64_t rows = std::min<std::int64_t>(64, chosen_PD.size(0));
  const at::Tensor logits_PV = decoder.project(chosen_PD.slice(0, 0, rows));
  const double selecting =
      best_seconds(options.repeats, [&] { generation::top_k_of_logits(logits_PV, 200); }) *
      static_cast<double>(chosen_PD.size(0)) / static_cast<double>(rows);
  result["top_200_s"] = all;
  result["selection_over_forward"] = selecting / forward;
}

void run(const Options& options) {
  model::threads();
  at::mm(at::ones({64, 64}), at::ones({64, 64}));  // libraries' own memory
  ::malloc_trim(0);
  const double before = memory_mb("VmRSS");
  forget_peak();
  std::shared_ptr<const weights::WeightStore> store;
  std::unique_ptr<model::Decoder> decoder;
  const double first_logit = seconds_of([&] {
    const at::NoGradGuard no_grad;
    store = weights::WeightStore::open(options.model);
    decoder = std::make_unique<model::Decoder>(store, options.decoder);
    decoder->project(decoder->forward({{1}, {0, 1}}));
  });
  const double loaded = memory_mb("VmHWM") - before;
  const model::PackedBatch batch = random_batch(options, decoder->config().vocabulary);
  const auto tokens = static_cast<double>(batch.size());
  at::Tensor hidden_ND;
  const double forward = best_seconds(options.repeats, [&] {
    const at::NoGradGuard no_grad;
    hidden_ND = decoder->forward(batch);
  });
  Json result = {{"model", store->config().name},
                 {"type", std::string(name_of(options.decoder.type))},
                 {"memory", std::string(name_of(options.decoder.memory))},
                 {"threads", model::threads()},
                 {"tokens", batch.size()},
                 {"length", options.length},
                 {"first_logit_s", first_logit},
                 {"first_logit_peak_mb", loaded},
                 {"forward_tokens_per_s", tokens / forward}};
  measure_top_200(options, *decoder, hidden_ND, forward, result);
  double stored = 0;
  for (const auto& tensor : store->tensors()) stored += static_cast<double>(tensor.bytes);
  result["model_mb"] = stored / (1 << 20);
  result["forward_peak_mb"] = memory_mb("VmHWM") - before;
  const bool halves = options.decoder.type == model::DataType::bfloat16 &&
                      model::fastest_products() == model::ProductType::bfloat16;
  const at::ScalarType type = halves ? at::kBFloat16 : at::kFloat;
  const auto limit = share_of_products(options, decoder->config(), type, false, tokens / forward);
  result["gemm_gflop_per_s"] = limit.products / 1e9;
  result["forward_share_of_gemm"] = limit.share;
  if (options.training) measure_training(options, *decoder, batch, type, result);
  const double difference = options.check ? check(store, *decoder) : 0;
  if (options.check) result["difference_from_plain"] = difference;
  for (const auto& [name, value] : result.items()) fmt::print("{:<24} {}\n", name, to_json_text(value));
  fmt::print("{}\n", to_json_text(result));
  if (!(difference < (options.decoder.type == model::DataType::bfloat16 ? 0.1 : 1e-4)))
    throw Error(fmt::format("benchmark: hidden states differ by {} from libtorch's", difference));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Options options;
  CLI::App program{"Forward and backward passes against the machine's rate of matrix products"};
  program.add_option("--model", options.model, "A model file or folder");
  program.add_option("--type", options.decoder.type, "Numbers of matrix products")
      ->transform(conceptune::bench::named_values<conceptune::model::DataType>());
  program.add_option("--memory", options.decoder.memory, "How weights are held")
      ->transform(conceptune::bench::named_values<conceptune::model::WeightMemory>());
  program.add_option("--length", options.length, "Tokens of a sequence");
  program.add_option("--sequences", options.sequences, "Sequences of the batch");
  program.add_option("--repeats", options.repeats, "Repeats of each measurement; the best counts");
  program.add_flag("!--no-training", options.training, "Leave out the backward pass");
  program.add_flag("!--no-check", options.check, "Leave out the check, which holds all weights in float32");
  return conceptune::bench::run_program(program, argc, argv, [&] { conceptune::run(options); });
}
