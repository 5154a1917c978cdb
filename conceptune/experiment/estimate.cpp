#include "conceptune/experiment/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/experiment/memory_estimate.h"
#include "conceptune/experiment/pass_rates.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

// The share of the rate of whole passages that short texts reach, and how far a run may fall behind what was
// measured: long passages, slow disks, neighbours on a shared machine.
constexpr double kShareOfShortTexts = 0.75;
constexpr double kSlowest = 0.6;
// The English pipeline's pace on one thread.
constexpr double kSecondsToTagAToken = 0.2e-3;
constexpr int kDocumentsLookedAt = 500;
// A passage's line in a corpus and a dataset, compressed, and its line in the items of one evaluated model.
constexpr std::int64_t kDiskBytesPerPassage = 6000;

/// How many of `count` items a limit leaves.
std::int64_t used(std::int64_t count, std::int64_t limit) {
  return limit > 0 ? std::min(count, limit) : count;
}

/// Tokens of a benchmark's different texts, each run once.
std::int64_t tokens_of_pairs(const evaluation::PairBenchmark& benchmark,
                             const tokenizer::Tokenizer& tokenizer,
                             const evaluation::EvaluationOptions& options) {
  std::set<std::string_view> texts;
  const auto count =
      used(static_cast<std::int64_t>(benchmark.pairs.size()), options.limit_of(benchmark.name));
  for (const auto& pair : std::span(benchmark.pairs).first(static_cast<std::size_t>(count)))
    texts.insert({pair.first, pair.second});
  std::int64_t tokens = 0;
  for (const auto text : texts) tokens += 1 + static_cast<std::int64_t>(tokenizer.encode_ids(text).size());
  return tokens;
}

/// Tokens of a task's questions: the choices of one share its context.
std::int64_t tokens_of_choices(const std::vector<evaluation::ChoiceQuestion>& questions,
                               const tokenizer::Tokenizer& tokenizer, std::int64_t limit) {
  std::int64_t tokens = 0;
  const auto count = used(static_cast<std::int64_t>(questions.size()), limit);
  for (const auto& question : std::span(questions).first(static_cast<std::size_t>(count))) {
    const std::set<std::string_view> contexts(question.contexts.begin(), question.contexts.end());
    for (const auto text : contexts) tokens += static_cast<std::int64_t>(tokenizer.encode_ids(text).size());
    for (const auto& text : question.continuations)
      tokens += static_cast<std::int64_t>(tokenizer.encode_ids(text).size());
  }
  return tokens;
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

class Estimator {
 public:
  ExperimentEstimate estimate(const Experiment& experiment) {
    for (const auto& arm : experiment.arms) add_arm(arm);
    for (const auto& group : group_by_evaluation(experiment.arms)) add_evaluation(experiment, group);
    for (const auto& stage : result_.stages) {
      result_.seconds.low += stage.seconds.low;
      result_.seconds.high += stage.seconds.high;
    }
    return std::move(result_);
  }

 private:
  struct Model {
    std::shared_ptr<const weights::WeightStore> weights;
    std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
    TokenCost cost;
  };

  const Model& model(const fs::path& path) {
    const auto known = models_.find(path);
    if (known != models_.end()) return known->second;
    const auto store = weights::WeightStore::open(path);
    return models_
        .emplace(path, Model{store, tokenizer::Tokenizer::load(path), forward_cost(store->config())})
        .first->second;
  }

  CorpusLook corpus(const RunConfig& config) {
    const std::string key = to_json_text(options_to_json(config.corpus));
    if (!corpora_.contains(key))
      corpora_[key] = look_at_corpus(config.corpus, *model(config.model.path).tokenizer);
    return corpora_[key];
  }

  double left(const Model& model) {
    if (!left_) left_ = share_left(model.weights->config());
    return *left_;
  }

  /// Of a model's passes in one number type, measured once.
  const model::MachineRate& forward(const Model& model, model::DataType type) {
    auto& rate = forward_rates_[{model.weights.get(), type}];
    if (rate.now == 0) rate = forward_rate(model.weights, {.type = type}, left(model));
    result_.flop_rate = rate.now;
    return rate;
  }

  /// The same of updates, by the first arm that trains the model; batch_tokens are of its updates.
  const model::MachineRate& training(const Model& model, const RunConfig& config, double batch_tokens) {
    const auto type = config.model.decoder.type;
    auto& rate = training_rates_[{model.weights.get(), type}];
    if (rate.now == 0)
      rate = training_rate(model.weights, {.type = type}, config.training.lora, std::llround(batch_tokens),
                           left(model));
    return rate;
  }

  /// What one stage holds at once: stages of one process come one after the other.
  void hold(std::int64_t bytes) { result_.peak_memory_bytes = std::max(result_.peak_memory_bytes, bytes); }

  /// `further` seconds are not the model's.
  static Duration seconds_of(double flop, const model::MachineRate& rate, double further = 0) {
    return {flop / std::max(rate.idle, rate.now) + further,
            flop / (kSlowest * std::min(rate.idle, rate.now)) + 2 * further};
  }

  /// Of a split of the sample, once, in one row with its other split; `corpus` names passages for evaluation
  /// alone.
  void add_annotation(const RunConfig& config, Split split, const std::string& corpus = {}) {
    const std::string sample =
        to_json_text(options_to_json(config.corpus)) + to_json_text(options_to_json(config.annotation));
    if (!annotated_.insert({sample, split}).second) return;
    const CorpusLook look = this->corpus(config);
    const Model& annotator =
        model(config.annotation.model.empty() ? config.model.path : config.annotation.model);
    const std::int64_t passages = split == Split::train ? look.training : look.held_out;
    const double tokens = static_cast<double>(passages) * look.tokens_per_passage;
    const auto& options = config.annotation.options;
    const TokenCost asked =
        concepts::asks_another_model(options) ? model(options.prompt.model).cost : annotator.cost;
    const double flop = annotation_flop(annotator.cost, asked, static_cast<double>(passages),
                                        look.tokens_per_passage, options);
    const std::string source(name_of(options.source));
    const Duration seconds = seconds_of(flop, forward(annotator, options.type), tokens * kSecondsToTagAToken);
    const auto [row, is_new] = annotation_rows_.try_emplace(sample + corpus, result_.stages.size());
    if (is_new)
      result_.stages.push_back({"annotate", corpus.empty() ? source : fmt::format("{}, {}", corpus, source)});
    auto& stage = result_.stages[row->second];
    stage.passages += passages;
    stage.tokens += std::llround(tokens);
    stage.seconds.low += seconds.low;
    stage.seconds.high += seconds.high;
    result_.disk_bytes += 2 * passages * kDiskBytesPerPassage;
    if (concepts::runs_passages(options)) hold(passes_memory(*annotator.weights, {.type = options.type}));
    if (concepts::asks_another_model(options))
      hold(passes_memory(*model(options.prompt.model).weights, {.type = options.type}));
  }

  void add_arm(const Arm& arm) {
    const RunConfig& config = arm.config;
    const CorpusLook look = corpus(config);
    result_.tokens_per_passage = look.tokens_per_passage;
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
    add_annotation(config, Split::train);
    // Backward goes through frozen weights once, for the gradient of their input; trained ones take another.
    const bool full = options.method == training::Method::full;
    result_.stages.push_back(
        {"train", arm.name, passages, std::llround(tokens), steps,
         seconds_of((full ? 3 : 2) * tokens * (base.cost.layers_flop + base.cost.head_flop),
                    training(base, config, batch_tokens)),
         arm.condition});
    hold(training_memory(*base.weights, config, batch_tokens));
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

  void add_evaluation(const Experiment& experiment, const EvaluationGroup& group) {
    const RunConfig& config = group.arms.front()->config;
    const auto& limits = config.evaluation.options;
    const Model& base = model(config.model.path);
    const auto& words = *base.tokenizer;
    std::int64_t passages = 0, text_tokens = 0;
    double passage_tokens = 0;
    for (const auto& planned : planned_passages(experiment, group)) {
      const CorpusLook look = corpus(planned.config);
      // A corpus for evaluation alone has all its passages in the one split.
      add_annotation(planned.config, planned.split,
                     planned.split == Split::train ? planned.name : std::string());
      const std::int64_t of_set =
          used(planned.split == Split::train ? look.training : look.held_out, limits.limit_of(planned.name));
      passages += of_set;
      passage_tokens += static_cast<double>(of_set) * look.tokens_per_passage;
    }
    for (const auto& file : config.evaluation.benchmarks)
      text_tokens += tokens_of_pairs(evaluation::read_pair_benchmark(file), words, limits);
    if (config.evaluation.options.paper_convention) text_tokens *= 2;
    config.evaluation.tasks.for_each([&](evaluation::ChoiceTask task, const std::filesystem::path& file) {
      text_tokens += tokens_of_choices(evaluation::read_choice_task(task, file), words,
                                       limits.limit_of(std::string(name_of(task))));
    });
    hold(passes_memory(*base.weights, config.model.decoder));
    const double subjects = static_cast<double>(group.arms.size() + 1);
    const auto& rate = forward(base, config.model.decoder.type);
    result_.stages.push_back(
        {"evaluate", group.model, passages, std::llround(subjects * passage_tokens), 0,
         seconds_of(subjects * passage_tokens * (base.cost.layers_flop + base.cost.head_flop), rate)});
    if (text_tokens > 0)
      result_.stages.push_back({"similarity", group.model, 0,
                                static_cast<std::int64_t>(subjects) * text_tokens, 0,
                                seconds_of(subjects * static_cast<double>(text_tokens) *
                                               base.cost.layers_flop / kShareOfShortTexts,
                                           rate)});
    result_.disk_bytes += static_cast<std::int64_t>(subjects) * passages * kDiskBytesPerPassage;
  }

  ExperimentEstimate result_;
  std::optional<double> left_;
  std::map<std::pair<const weights::WeightStore*, model::DataType>, model::MachineRate> forward_rates_,
      training_rates_;
  std::map<fs::path, Model> models_;
  std::map<std::string, CorpusLook> corpora_;
  std::set<std::pair<std::string, Split>> annotated_;
  std::map<std::string, std::size_t> annotation_rows_;
};

}  // namespace

TokenCost forward_cost(const weights::ModelConfig& config) {
  const auto attention = 2 * config.width * (config.heads + config.kv_heads) * config.head_size;
  const auto mlp = 3 * config.width * config.mlp_width;
  return {2.0 * static_cast<double>(config.layers * (attention + mlp)),
          2.0 * static_cast<double>(config.vocabulary * config.width)};
}

double annotation_flop(const TokenCost& model, const TokenCost& asked, double passages,
                       double tokens_per_passage, const concepts::AnnotateOptions& options) {
  const double tokens = passages * tokens_per_passage, words = kContentShare * tokens;
  const auto of_word = concepts::source_kind(options).cost_of_word(options);
  const TokenCost& of_words = concepts::reads(options, "prompt.model") ? asked : model;
  const double of_passages =
      concepts::runs_passages(options) ? tokens * model.layers_flop + words * model.head_flop : 0;
  return of_passages +
         words * ((of_word.tokens + of_word.passages * tokens_per_passage) * of_words.layers_flop +
                  of_word.rows * of_words.head_flop);
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
