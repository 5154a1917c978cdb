#include "conceptune/experiment/estimate.h"

#include "conceptune/torch_pch.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/runtime/model/threads.h"
#include "conceptune/runtime/model/workload.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "conceptune/training/activation_budget.h"
#include "conceptune/training/objective.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

// Share of the rate of plain matrix products that the stages reach; the rest is attention, norms and memory.
constexpr double kShareOfRate = 0.6;
// Content words among tokens (paper, section 3.1): the rows that annotation projects onto the vocabulary.
constexpr double kContentShare = 0.28;
constexpr int kDocumentsLookedAt = 500;
// A benchmark's word with the token before it.
constexpr double kTokensPerText = 3;
// A passage's line in a corpus and a dataset, compressed, and its line in the items of one evaluated model.
constexpr std::int64_t kDiskBytesPerPassage = 6000;

/// FLOP a second of matrix products of a layer's shapes: the fastest of many, so that what else the machine
/// happens to do counts little.
double measure_flop_rate(const weights::ModelConfig& config) {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  constexpr std::int64_t kRows = 256;
  constexpr double kSeconds = 0.5;
  const at::NoGradGuard no_autograd;
  model::set_threads(model::threads());
  const at::Tensor input = at::ones({kRows, config.width}),
                   weight = at::ones({config.mlp_width, config.width});
  at::matmul(input, weight.t());  // the first product also starts threads
  double fastest = std::numeric_limits<double>::infinity();
  for (const auto begun = Clock::now(); Seconds(Clock::now() - begun).count() < kSeconds;) {
    const auto product_begun = Clock::now();
    at::matmul(input, weight.t());
    fastest = std::min(fastest, Seconds(Clock::now() - product_begun).count());
  }
  return 2.0 * static_cast<double>(kRows * config.width * config.mlp_width) / fastest;
}

/// Every choice is run with its context.
double tokens_of_choices(const std::vector<evaluation::ChoiceQuestion>& questions) {
  constexpr double kBytesPerToken = 4.3;
  std::size_t bytes = 0;
  for (const auto& question : questions)
    for (std::size_t i = 0; i < question.contexts.size(); ++i)
      bytes += question.contexts[i].size() + question.continuations[i].size();
  return static_cast<double>(bytes) / kBytesPerToken;
}

/// Different texts of the pairs: each is run once.
std::size_t count_texts(const evaluation::PairBenchmark& benchmark) {
  std::set<std::string_view> texts;
  for (const auto& pair : benchmark.pairs) texts.insert({pair.first, pair.second});
  return texts.size();
}

/// Passages that a corpus can give, and their length, judged by its first documents.
struct CorpusLook {
  double tokens_per_passage = 0;
  std::int64_t training = 0, held_out = 0;
};

CorpusLook look_at_corpus(const corpus::CorpusOptions& options, const tokenizer::Tokenizer& tokenizer) {
  std::int64_t looked = 0, kept = 0, tokens = 0;
  bool whole = true;
  for (const auto& file : corpus::expand_files(options.files)) {
    const auto documents = corpus::open_documents(file, options.format, options.text_key);
    for (std::string text; documents->next(text); ++looked) {
      if (looked == kDocumentsLookedAt) {
        whole = false;
        break;
      }
      const auto characters = static_cast<std::int64_t>(decode_utf8(text).size());
      if (characters <= options.longer_than || characters >= options.shorter_than) continue;
      ++kept;
      tokens += static_cast<std::int64_t>(tokenizer.encode_ids(text).size());
    }
    if (!whole) break;
  }
  CorpusLook look{kept ? static_cast<double>(tokens) / static_cast<double>(kept) : 0, options.passages,
                  options.held_out};
  const double share = static_cast<double>(kept) / static_cast<double>(options.passages + options.held_out);
  if (whole && share < 1) {  // a corpus with fewer passages shares them out in the proportion asked for
    look.training = std::llround(share * static_cast<double>(options.passages));
    look.held_out = kept - look.training;
  }
  return look;
}

double value_count(const weights::WeightStore& weights) {
  double values = 0;
  for (const auto& tensor : weights.tensors()) {
    double count = 1;
    for (const auto size : tensor.shape) count *= static_cast<double>(size);
    values += count;
  }
  return values;
}

/// Bytes of the logits that training holds at once.
double logit_bytes(const weights::WeightStore& weights, bool compact, bool bf16,
                   model::ProductType products) {
  using kernels::BlockType;
  const auto& shape = weights.config();
  const BlockType stored =
      weights.info(shape.tied_head ? "model.embed_tokens.weight" : "lm_head.weight").type;
  const BlockType held = compact ? stored : bf16 ? BlockType::bf16 : BlockType::f32;
  const bool as_multiplied =
      held == (products == model::ProductType::bfloat16 ? BlockType::bf16 : BlockType::f32);
  const std::int64_t rows =
      model::FrozenMatrix::rows_at_once(shape.vocabulary, as_multiplied, training::kChunkElements);
  return static_cast<double>(sizeof(float)) * static_cast<double>(rows * shape.vocabulary);
}

/// Bytes that are in use while a model is trained: weights, what one batch keeps for its backward pass, and
/// for all weights their gradients, two moments and the best ones.
std::int64_t training_memory(const weights::WeightStore& weights, const RunConfig& config,
                             double batch_tokens) {
  const auto& shape = weights.config();
  double stored = 0;
  for (const auto& tensor : weights.tensors()) stored += static_cast<double>(tensor.bytes);
  const double values = value_count(weights);
  const bool compact = model::for_training(config.model.decoder).memory == model::WeightMemory::compact;
  const bool bf16 = config.model.decoder.type == model::DataType::bfloat16;
  const double value_bytes = bf16 ? 2 : 4;
  const auto products = bf16 ? model::fastest_products() : model::ProductType::float32;
  const double logits = logit_bytes(weights, compact, bf16, products);
  const auto total = [&](bool recompute) {
    return (compact ? stored : values * value_bytes) + logits +
           batch_tokens * static_cast<double>(model::activation_bytes_per_token(shape, products, recompute));
  };
  const auto& memory = config.training.memory;
  const auto limit = static_cast<double>(training::allowed_memory(memory));
  const bool recompute = memory.recompute == training::Recompute::on ||
                         (memory.recompute == training::Recompute::automatic && total(false) > limit);
  if (config.training.method == training::Method::full)
    return static_cast<std::int64_t>(5 * sizeof(float) * values + logits +
                                     batch_tokens * static_cast<double>(model::activation_bytes_per_token(
                                                        shape, model::ProductType::float32, false)));
  return static_cast<std::int64_t>(total(recompute));
}

class Estimator {
 public:
  ExperimentEstimate estimate(const Experiment& experiment) {
    for (const auto& arm : experiment.arms) add_arm(arm);
    for (const auto& group : group_by_model(experiment.arms)) add_evaluation(group);
    for (const auto& stage : result_.stages) result_.seconds += stage.seconds;
    return std::move(result_);
  }

 private:
  struct Model {
    std::shared_ptr<const weights::WeightStore> weights;
    std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
    TokenCost cost;
  };

  const Model& model(const fs::path& path) {
    auto& model = models_[path];
    if (model.weights) return model;
    model = {weights::WeightStore::open(path), tokenizer::Tokenizer::load(path), {}};
    model.cost = forward_cost(model.weights->config());
    if (result_.flop_rate == 0) result_.flop_rate = measure_flop_rate(model.weights->config());
    return model;
  }

  CorpusLook corpus(const RunConfig& config) {
    const std::string key = to_json_text(options_to_json(config.corpus));
    if (!corpora_.contains(key))
      corpora_[key] = look_at_corpus(config.corpus, *model(config.model.path).tokenizer);
    return corpora_[key];
  }

  void add_stage(StageEstimate stage, double flop) {
    stage.seconds = flop / (kShareOfRate * result_.flop_rate);
    result_.stages.push_back(std::move(stage));
  }

  void add_annotation(const RunConfig& config, const CorpusLook& look) {
    const std::string key =
        to_json_text(options_to_json(config.corpus)) + to_json_text(options_to_json(config.annotation));
    if (!annotated_.insert(key).second) return;
    const Model& annotator =
        model(config.annotation.model.empty() ? config.model.path : config.annotation.model);
    const std::int64_t passages = look.training + look.held_out;
    const double tokens = static_cast<double>(passages) * look.tokens_per_passage;
    const double flop = concepts::needs_model(config.annotation.options)
                            ? tokens * (annotator.cost.layers_flop + kContentShare * annotator.cost.head_flop)
                            : 0;
    add_stage({"annotate", "", passages, std::llround(tokens), 0, 0}, flop);
    result_.disk_bytes += 2 * passages * kDiskBytesPerPassage;
  }

  void add_arm(const Arm& arm) {
    const RunConfig& config = arm.config;
    const CorpusLook look = corpus(config);
    result_.tokens_per_passage = look.tokens_per_passage;
    add_annotation(config, look);
    const auto& options = config.training;
    const std::int64_t passages =
        look.training - std::llround(options.validation_share * static_cast<double>(look.training));
    const double length = std::min(look.tokens_per_passage, static_cast<double>(options.batch.max_length));
    const std::int64_t steps = expected_steps(options, passages, length);
    const double batch_tokens = options.batch.tokens > 0
                                    ? static_cast<double>(options.batch.tokens)
                                    : static_cast<double>(options.batch.passages) * length;
    const double tokens = static_cast<double>(steps * options.batch.accumulation) * batch_tokens;
    const Model& base = model(config.model.path);
    // Backward goes through frozen weights once, for the gradient of their input; trained ones take another.
    const bool full = options.method == training::Method::full;
    add_stage({"train", arm.name, passages, std::llround(tokens), steps, 0},
              (full ? 3 : 2) * tokens * (base.cost.layers_flop + base.cost.head_flop));
    result_.peak_memory_bytes =
        std::max(result_.peak_memory_bytes, training_memory(*base.weights, config, batch_tokens));
    const std::int64_t trained_bytes =
        full ? static_cast<std::int64_t>(sizeof(float) * value_count(*base.weights))
             : adapter_bytes(base.weights->config(), options.lora);
    result_.disk_bytes += trained_bytes * (4 + 3 * options.checkpoint.kept);
  }

  static std::int64_t adapter_bytes(const weights::ModelConfig& config, const model::LoraOptions& lora) {
    const auto targets = static_cast<std::int64_t>(lora.targets.size());
    return config.layers * targets * lora.rank * 2 * std::max(config.width, config.mlp_width) *
           static_cast<std::int64_t>(sizeof(float));
  }

  void add_evaluation(const EvaluationGroup& group) {
    const RunConfig& config = group.arms.front()->config;
    std::map<std::string, CorpusLook> corpora;
    for (const Arm* arm : group.arms)
      corpora[to_json_text(options_to_json(arm->config.corpus))] = corpus(arm->config);
    const TokenCost& cost = model(config.model.path).cost;
    std::int64_t passages = 0;
    double passage_tokens = 0, pair_tokens = 0;
    for (const auto& [key, look] : corpora) {
      passages += look.held_out;
      passage_tokens += static_cast<double>(look.held_out) * look.tokens_per_passage;
    }
    for (const auto& file : config.evaluation.benchmarks)
      pair_tokens += kTokensPerText * static_cast<double>(count_texts(evaluation::read_pair_benchmark(file)));
    if (config.evaluation.options.paper_convention) pair_tokens *= 2;
    config.evaluation.tasks.for_each([&](evaluation::ChoiceTask task, const std::filesystem::path& file) {
      pair_tokens += tokens_of_choices(evaluation::read_choice_task(task, file));
    });
    const double subjects = static_cast<double>(group.arms.size() + 1);
    add_stage(
        {"evaluate", group.model, passages, std::llround(subjects * (passage_tokens + pair_tokens)), 0, 0},
        subjects * (passage_tokens * (cost.layers_flop + cost.head_flop) + pair_tokens * cost.layers_flop));
    result_.disk_bytes += static_cast<std::int64_t>(subjects) * passages * kDiskBytesPerPassage;
  }

  ExperimentEstimate result_;
  std::map<fs::path, Model> models_;
  std::map<std::string, CorpusLook> corpora_;
  std::set<std::string> annotated_;
};

}  // namespace

TokenCost forward_cost(const weights::ModelConfig& config) {
  const auto attention = 2 * config.width * (config.heads + config.kv_heads) * config.head_size;
  const auto mlp = 3 * config.width * config.mlp_width;
  return {2.0 * static_cast<double>(config.layers * (attention + mlp)),
          2.0 * static_cast<double>(config.vocabulary * config.width)};
}

std::int64_t expected_steps(const training::TrainingOptions& options, std::int64_t passages,
                            double tokens_per_passage) {
  const double batch_passages =
      options.batch.tokens > 0 && tokens_per_passage > 0
          ? std::max(1.0, std::floor(static_cast<double>(options.batch.tokens) / tokens_per_passage))
          : static_cast<double>(options.batch.passages);
  const double per_update = batch_passages * static_cast<double>(options.batch.accumulation);
  const auto steps =
      options.epochs * static_cast<std::int64_t>(std::ceil(static_cast<double>(passages) / per_update));
  return options.max_steps > 0 ? std::min(steps, options.max_steps) : steps;
}

ExperimentEstimate estimate_experiment(const Experiment& experiment) {
  return Estimator().estimate(experiment);
}

}  // namespace conceptune::experiment
