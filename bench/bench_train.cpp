// Training throughput on real passages, beside the rate of the same matrix products alone in the same
// process.
//
// usage: build/bench_train [--model M.gguf] [--corpus C4.jsonl.gz] [--steps N] [--batch B] [--max-length L]
// [--rank R]
//        [--concept-weight W] [--json]
// Passages are the corpus's, cut to L tokens; 28 % of the tokens, drawn at random, are content words with
// four random synonyms each: the work is that of training, the loss means nothing. The last line is JSON:
// tokens_per_s (no padding exists to be counted), peak_rss_mb, share_of_gemm (matrix products' FLOP per
// second over their rate alone).
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/corpus/corpus.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "conceptune/training/adamw.h"
#include "conceptune/training/lora_trainable.h"
#include "conceptune/training/passes.h"

namespace conceptune {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Arguments {
  std::filesystem::path model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf",
                        corpus = "inputs/lee_background.cor";
  std::int64_t steps = 6, batch = 2;
  bool json = false;
  training::TrainingOptions options;
};

std::vector<training::TrainingPassage> make_passages(const Arguments& arguments,
                                                     const tokenizer::Tokenizer& tokenizer) {
  corpus::CorpusOptions options;
  options.files = {arguments.corpus};
  options.passages = (arguments.steps + 1) * arguments.batch;
  options.held_out = 0;
  const auto sample = corpus::sample_corpus(options);
  Random random(0);
  std::vector<training::TrainingPassage> passages;
  for (const auto& passage : sample.train) {
    training::TrainingPassage made{tokenizer.encode_ids(passage.text), {}};
    made.tokens.resize(std::min<std::size_t>(made.tokens.size(), arguments.options.batch.max_length));
    for (std::size_t i = 1; i < made.tokens.size(); ++i) {
      if (random.uniform() >= 0.28) continue;
      std::vector<training::ConceptToken> set = {{made.tokens[i]}};
      for (int k = 0; k < 4; ++k) set.push_back({static_cast<std::int32_t>(random.below(tokenizer.size()))});
      made.words.push_back({static_cast<std::int32_t>(i), std::move(set)});
    }
    passages.push_back(std::move(made));
  }
  if (static_cast<std::int64_t>(passages.size()) < options.passages)
    throw InputError("benchmark", arguments.corpus.string(),
                     fmt::format("gives {} passages, expected {}", passages.size(), options.passages));
  return passages;
}

/// The frozen weights' shapes, out × in, with how often each occurs.
std::vector<std::pair<model::ProjectionShape, std::int64_t>> matrix_shapes(
    const weights::ModelConfig& config) {
  std::vector<std::pair<model::ProjectionShape, std::int64_t>> shapes;
  for (const auto projection : model::kProjections)
    shapes.emplace_back(model::projection_shape(config, projection), config.layers);
  shapes.push_back({{config.width, config.vocabulary}, 1});
  return shapes;
}

/// FLOP for one token: 2 a weight forward and 2 for the gradient of its input.
double flop_per_token(const weights::ModelConfig& config) {
  double weights = 0;
  for (const auto& [shape, count] : matrix_shapes(config))
    weights += static_cast<double>(shape.in * shape.out * count);
  return 4 * weights;
}

/// FLOP per second of the model's own products, forward and backward, for a batch of `tokens`.
double gemm_rate(const weights::ModelConfig& config, std::int64_t tokens) {
  const at::NoGradGuard no_autograd;
  double seconds = 0;
  for (const auto& [shape, count] : matrix_shapes(config)) {
    const at::Tensor weight_OI = at::rand({shape.out, shape.in}), x_NI = at::rand({tokens, shape.in});
    at::Tensor y_NO = at::mm(x_NI, weight_OI.t()), d_x_NI = at::mm(y_NO, weight_OI);  // warm
    double best = std::numeric_limits<double>::infinity();
    for (int repeat = 0; repeat < 3; ++repeat) {
      const auto begin = Clock::now();
      at::mm_out(y_NO, x_NI, weight_OI.t());
      at::mm_out(d_x_NI, y_NO, weight_OI);
      best = std::min(best, seconds_since(begin));
    }
    seconds += best * static_cast<double>(count);
  }
  return flop_per_token(config) * static_cast<double>(tokens) / seconds;
}

struct Timing {
  std::int64_t tokens = 0;
  double seconds = 0;
  double loss = 0;
};

/// The first update warms up and is not counted.
Timing run_updates(const Arguments& arguments, const training::Trainable& model,
                   const std::vector<training::TrainingPassage>& passages) {
  std::vector<at::Tensor> parameters;
  for (const auto& parameter : model.parameters()) parameters.push_back(parameter.tensor);
  training::AdamW optimizer(parameters);
  Timing timing;
  for (std::int64_t step = 0; step <= arguments.steps; ++step) {
    training::Batch batch;
    for (std::int64_t i = 0; i < arguments.batch; ++i)
      batch.push_back(static_cast<std::size_t>(step * arguments.batch + i));
    const auto begin = Clock::now();
    for (const auto& parameter : parameters) parameter.mutable_grad().reset();
    const auto totals =
        training::accumulate_gradients(model, passages, {batch}, arguments.options.objective, 0, step);
    std::vector<at::Tensor> gradients;
    for (const auto& parameter : parameters) gradients.push_back(parameter.grad());
    training::clip_gradients(gradients, training::gradient_norm(gradients),
                             arguments.options.optimizer.clip_norm);
    optimizer.step(gradients, arguments.options.optimizer.learning_rate, arguments.options.optimizer);
    if (step == 0) continue;
    timing.seconds += seconds_since(begin);
    timing.tokens += totals.tokens;
    timing.loss = training::loss_of(totals.sums, totals.denominators, arguments.options.objective);
  }
  return timing;
}

std::int64_t peak_rss_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void run(const Arguments& arguments) {
  const auto tokenizer = tokenizer::Tokenizer::load(arguments.model);
  const auto passages = make_passages(arguments, *tokenizer);
  const model::Decoder decoder(weights::WeightStore::open(arguments.model));
  const training::LoraTrainable model(
      decoder, std::make_shared<model::LoraAdapter>(decoder.config(), arguments.options.lora, 1),
      "benchmark");
  const Timing timing = run_updates(arguments, model, passages);
  const std::int64_t rss = peak_rss_mb();
  if (!std::isfinite(timing.loss)) throw Error("benchmark: the loss is not finite");

  const double tokens_per_s = static_cast<double>(timing.tokens) / timing.seconds;
  const double rate = gemm_rate(decoder.config(), timing.tokens / arguments.steps);
  const double share = tokens_per_s * flop_per_token(decoder.config()) / rate;
  if (!arguments.json)
    fmt::print("{} tokens in {:.2f} s; products alone reach {:.1f} GFLOP/s on these shapes\n", timing.tokens,
               timing.seconds, rate / 1e9);
  const Json line = {{"tokens", timing.tokens}, {"seconds", timing.seconds}, {"tokens_per_s", tokens_per_s},
                     {"peak_rss_mb", rss},      {"share_of_gemm", share},    {"gemm_gflop_per_s", rate / 1e9},
                     {"loss", timing.loss}};
  fmt::print("{}\n", to_json_text(line));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App app{"Training throughput on real passages"};
  app.add_option("--model", arguments.model, "GGUF file or model folder")->capture_default_str();
  app.add_option("--corpus", arguments.corpus, "Text to train on")->capture_default_str();
  app.add_option("--steps", arguments.steps, "Updates timed")->check(CLI::PositiveNumber);
  app.add_option("--batch", arguments.batch, "Passages of an update")->check(CLI::PositiveNumber);
  app.add_option("--max-length", arguments.options.batch.max_length, "Tokens of a passage")
      ->check(CLI::Range(2, 1 << 20));
  app.add_option("--rank", arguments.options.lora.rank, "Rank of the adapter");
  app.add_option("--concept-weight", arguments.options.objective.concept_weight, "λ")
      ->check(CLI::Range(0.0, 1.0));
  app.add_flag("--json", arguments.json, "Print the JSON line alone");
  CLI11_PARSE(app, argc, argv);
  try {
    conceptune::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_train: {}\n", error.what());
    return conceptune::exit_code_of(error);
  }
  return 0;
}
