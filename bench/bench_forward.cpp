// The decoder's forward and backward passes against the machine's own rate of matrix products, on the same
// shapes in the same process.
//
// usage: bench_forward [--model M] [--type float32|bfloat16] [--memory expanded|compact] [--length TOKENS]
//                      [--sequences N] [--repeats N] [--no-training] [--no-check]
//
// Measures, best of the repeats:
//   products    the layers' matrix products alone, in the type of the model: forward, and forward with input
//               gradients
//   forward     all layers, no gradients; top_k: the head and the 200 most probable tokens at every
//               eighth position
//   training    forward and backward through the layers, LoRA of rank 4 on q, k, v, o
// Then the most probable tokens are checked against the head's products in double precision. A share is the
// time of the products over the time of the whole. Memory is what the process has gained since
// before the model was opened, mapped pages of the model file included. The last line is JSON.
#include <malloc.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>

#include "bench/bench_program.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/generation/top_k.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/training_pass.h"
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

/// log softmax of one row of hidden states times the head, a few rows of which are expanded at a time.
std::vector<double> plain_log_probs(const model::Decoder& decoder, const float* hidden_D) {
  constexpr std::int32_t kAtOnce = 1024;
  const auto vocabulary = static_cast<std::int32_t>(decoder.config().vocabulary);
  std::vector<double> logits;
  for (std::int32_t begin = 0; begin < vocabulary; begin += kAtOnce) {
    std::vector<std::int32_t> ids(static_cast<std::size_t>(std::min(kAtOnce, vocabulary - begin)));
    std::iota(ids.begin(), ids.end(), begin);
    const model::Matrix rows = decoder.head().rows(ids);
    for (std::int64_t row = 0; row < rows.rows(); ++row)
      logits.push_back(std::inner_product(hidden_D, hidden_D + rows.width(), rows.row(row), 0.0,
                                          std::plus<>(), [](double a, double b) { return a * b; }));
  }
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - largest);
  for (double& logit : logits) logit -= largest + std::log(sum);
  return logits;
}

/// Largest difference of the most probable tokens' log probabilities from the plain ones, those of the same
/// tokens and those that are largest.
double check(const model::Decoder& decoder) {
  constexpr int kKept = 20;
  const model::PackedBatch batch = random_batch({.length = 70, .sequences = 2}, decoder.config().vocabulary);
  const std::vector<std::int64_t> chosen = {0, 69, 70, 139};
  const model::Matrix hidden_PD =
      model::rows_of(decoder.forward(batch), std::span<const std::int64_t>(chosen));
  const generation::TopK top = generation::top_k(decoder, hidden_PD, kKept);
  double difference = 0;
  for (std::int64_t p = 0; p < hidden_PD.rows(); ++p) {
    const std::vector<double> plain = plain_log_probs(decoder, hidden_PD.row(p));
    std::vector<double> sorted = plain;
    std::sort(sorted.rbegin(), sorted.rend());
    for (std::size_t k = 0; k < kKept; ++k) {
      const double actual = top.log_probs_PK.row(p)[k];
      const double of_token = plain[static_cast<std::size_t>(top.ids_PK.row(p)[k])];
      difference = std::max({difference, std::abs(actual - of_token), std::abs(actual - sorted[k])});
    }
  }
  return difference;
}

struct Limit {
  double products, share;  // FLOP per second of the layers' products alone; what a pass reaches of it
};

Limit share_of_products(const Options& options, const weights::ModelConfig& config, model::ProductType type,
                        bool gradients, double tokens_per_s) {
  const model::ProductWork work = {.head = false, .gradients = gradients};
  const std::int64_t rows = std::int64_t{options.length} * options.sequences;
  const double rate = model::product_rate(config, rows, type, work, options.repeats);
  return {rate, tokens_per_s * model::product_flop_per_token(config, work) / rate};
}

void measure_training(const Options& options, const model::Decoder& decoder, const model::PackedBatch& batch,
                      model::ProductType type, Json& result) {
  const model::LoraAdapter adapter(decoder.config(), {}, 1);
  std::int64_t values = 0;
  for (const auto& parameter : adapter.parameters()) values += parameter.matrix.size();
  std::vector<float> gradient(static_cast<std::size_t>(values));
  const model::Matrix d_hidden_ND(batch.size(), decoder.config().width);
  Random random(2);
  std::generate_n(d_hidden_ND.values(), d_hidden_ND.size(),
                  [&] { return static_cast<float>(random.normal()); });
  const double seconds = best_seconds(
      options.repeats, [&] { model::TrainingPass(decoder, batch, adapter).backward(d_hidden_ND, gradient); });
  const double rate = static_cast<double>(batch.size()) / seconds;
  result["training_tokens_per_s"] = rate;
  result["training_share_of_gemm"] = share_of_products(options, decoder.config(), type, true, rate).share;
}

/// The head and the choice of 200 tokens at every eighth position, and how much of that is the choice.
void measure_top_200(const Options& options, const model::Decoder& decoder, const model::Matrix& hidden_ND,
                     double forward, Json& result) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t n = 0; n < hidden_ND.rows(); n += 8) chosen.push_back(n);
  const model::Matrix chosen_PD = model::rows_of(hidden_ND, std::span<const std::int64_t>(chosen));
  const double all = best_seconds(options.repeats, [&] { generation::top_k(decoder, chosen_PD, 200); });
  const std::int64_t rows = std::min<std::int64_t>(64, chosen_PD.rows());
  const model::Matrix logits_PV = decoder.project(model::rows_of(chosen_PD, 0, rows));
  const double selecting =
      best_seconds(options.repeats, [&] { generation::top_k_of_logits(logits_PV, 200); }) *
      static_cast<double>(chosen_PD.rows()) / static_cast<double>(rows);
  result["top_200_s"] = all;
  result["selection_over_forward"] = selecting / forward;
}

void run(const Options& options) {
  model::threads();
  const model::Matrix zeros(64, 64);
  std::fill_n(zeros.values(), zeros.size(), 0.0F);
  model::FrozenMatrix(zeros).forward(zeros);  // libraries' own memory
  ::malloc_trim(0);
  const double before = memory_mb("VmRSS");
  forget_peak();
  std::shared_ptr<const weights::WeightStore> store;
  std::unique_ptr<model::Decoder> decoder;
  const double first_logit = seconds_of([&] {
    store = weights::WeightStore::open(options.model);
    decoder = std::make_unique<model::Decoder>(store, options.decoder);
    decoder->project(decoder->forward({{1}, {0, 1}}));
  });
  const double loaded = memory_mb("VmHWM") - before;
  const model::PackedBatch batch = random_batch(options, decoder->config().vocabulary);
  const auto tokens = static_cast<double>(batch.size());
  model::Matrix hidden_ND;
  const double forward = best_seconds(options.repeats, [&] { hidden_ND = decoder->forward(batch); });
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
  const model::ProductType type = decoder->products();
  const auto limit = share_of_products(options, decoder->config(), type, false, tokens / forward);
  result["gemm_gflop_per_s"] = limit.products / 1e9;
  result["forward_share_of_gemm"] = limit.share;
  if (options.training) measure_training(options, *decoder, batch, type, result);
  const double difference = options.check ? check(*decoder) : 0;
  if (options.check) result["difference_from_plain"] = difference;
  for (const auto& [name, value] : result.items()) fmt::print("{:<24} {}\n", name, to_json_text(value));
  fmt::print("{}\n", to_json_text(result));
  if (!(difference < (options.decoder.type == model::DataType::bfloat16 ? 0.1 : 1e-4)))
    throw Error(fmt::format("benchmark: log probabilities differ by {} from those in double", difference));
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
  program.add_flag("!--no-check", options.check, "Leave out the check");
  return conceptune::bench::run_program(program, argc, argv, [&] { conceptune::run(options); });
}
