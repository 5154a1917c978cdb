#include "conceptune/experiment/stages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "conceptune/base/file.h"
#include "conceptune/base/file_name.h"
#include "conceptune/concepts/annotate.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/corpus/documents.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/experiment/corpus_label.h"
#include "conceptune/experiment/held_out.h"
#include "conceptune/experiment/input_hash.h"
#include "conceptune/options/config_field.h"
#include "conceptune/results/subject_names.h"
#include "conceptune/training/run/adapter_training.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

// Raised when a stage comes to give other results for the same recipe; tests/pipeline/pinned_products.json
// holds what a tiny experiment gives.
constexpr int kCorpusVersion = 2;
constexpr int kDatasetVersion = 6;
constexpr int kVariantVersion = 3;
constexpr int kAdapterVersion = 3;
constexpr int kEvaluationVersion = 5;

template <class Options>
Json recipe_of_options(Options options, RunStore& store) {
  return recipe_of(list_fields(options), store);
}

/// What the source does not read decides nothing.
Json recipe_of_options(concepts::AnnotateOptions options, RunStore& store) {
  auto fields = list_fields(options);
  std::erase_if(fields, [&](const ConfigField& field) { return !concepts::reads(options, field.key); });
  return recipe_of(fields, store);
}

std::string_view name_of_split(Split split) { return split == Split::train ? "training" : "held-out"; }

const fs::path& annotating_model(const RunConfig& config) {
  return config.annotation.model.empty() ? config.model.path : config.annotation.model;
}

/// What an annotation reads, each once and when it is first asked for.
class AnnotationTask {
 public:
  using ReadPassages = std::function<std::vector<corpus::Passage>()>;
  using LoadModels = std::function<concepts::AnnotationModels()>;

  AnnotationTask(ReadPassages read, LoadModels load) : read_(std::move(read)), load_(std::move(load)) {}

  const std::vector<corpus::Passage>& passages() {
    if (!passages_) passages_ = read_();
    return *passages_;
  }
  const concepts::AnnotationModels& models() {
    if (!models_) models_.emplace(load_());
    return *models_;
  }

 private:
  ReadPassages read_;
  LoadModels load_;
  std::optional<std::vector<corpus::Passage>> passages_;
  std::optional<concepts::AnnotationModels> models_;
};

// Of an annotation that several workers may take parts of: a model needs a minute or more for so many.
constexpr std::int64_t kShardPassages = 128;

/// Into how many parts an annotation is divided: by the configuration alone, so that all who look at it
/// agree.
int shards_of(const RunConfig& config, Split split) {
  constexpr std::int64_t kMost = 256;
  const std::int64_t passages = split == Split::train ? config.corpus.passages : config.corpus.held_out;
  return static_cast<int>(
      std::clamp<std::int64_t>((passages + kShardPassages - 1) / kShardPassages, 1, kMost));
}

/// "noise paper, seed 42".
std::string in_words(const Json& operation) {
  std::vector<std::string> words;
  words.reserve(operation.size());
  for (const auto& [key, value] : operation.items()) words.push_back(key + " " + plain_text(value));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Stages::Stages(RunStore& store, ProductSource& products, ProgressObserver* observer, std::stop_token stop)
    : store_(store), products_(products), observer_(observer), stop_(std::move(stop)) {}

generation::LanguageModel Stages::language_model(const fs::path& path, const model::DecoderOptions& options) {
  // Two large models might not fit.
  for (auto& [other, model] : models_)
    if (other != path) model.unload();
  const auto hash = [this](const fs::path& file) { return hash_file(file, store_); };
  auto& model = models_.try_emplace(path, path, options, hash).first->second;
  return model = model.with(options);
}

Product Stages::corpus(const RunConfig& config) {
  corpus::CorpusOptions options = config.corpus;
  options.files = corpus::expand_files(options.files);
  const Json recipe = {{"version", kCorpusVersion}, {"options", recipe_of_options(options, store_)}};
  return products_.get("corpus", corpus_label(config.corpus.files.front()), recipe,
                       [&](const fs::path& folder) {
                         corpus::write_sample({folder, Existing::replace},
                                              corpus::sample_corpus(options, observer_, stop_), options);
                       });
}

Product Stages::dataset(const RunConfig& config, Split split) {
  const Product sample = corpus(config);
  const auto& options = config.annotation.options;
  const fs::path pipeline = words::find_english_pipeline(
      config.annotation.english_pipeline.empty() ? std::nullopt
                                                 : std::optional(config.annotation.english_pipeline));
  const Json recipe = {{"version", kDatasetVersion},
                       {"corpus", sample.key},
                       {"split", std::string(name_of_split(split))},
                       {"model", hash_input(annotating_model(config), store_)},
                       {"english_pipeline", hash_input(pipeline, store_)},
                       {"options", recipe_of_options(options, store_)}};
  const std::string subject = fmt::format("{} {}, {}", corpus_label(config.corpus.files.front()),
                                          name_of_split(split), name_of(options.source));
  AnnotationTask task(
      [&] {
        return corpus::read_passages(sample.folder /
                                     (split == Split::train ? "train.jsonl" : "held-out.jsonl"));
      },
      [&] {
        const auto model = language_model(annotating_model(config),
                                          {.type = options.type, .device = config.model.decoder.device});
        return concepts::load_annotation_models(model, pipeline, options);
      });
  Making making([&](const fs::path& folder) {
    concepts::annotate(task.passages(), options, task.models(), {folder / "dataset", Existing::replace},
                       observer_, stop_);
  });
  making.parts = shards_of(config, split);
  const auto shard = [&](int part) { return concepts::Shard{part, making.parts}; };
  making.has_part = [&](const fs::path& folder, int part) {
    return concepts::has_part(task.passages().size(), options, folder / "dataset", shard(part));
  };
  making.make_part = [&](const fs::path& folder, int part) {
    make_folder(folder);
    concepts::annotate_part(task.passages(), options, task.models(), folder / "dataset", shard(part),
                            observer_, stop_);
  };
  return products_.get("annotate", subject, recipe, making);
}

Product Stages::changed(const Product& dataset, const Json& operation,
                        const std::function<void(const fs::path& input, const Destination& output)>& change) {
  const Json recipe = {{"version", kVariantVersion}, {"dataset", dataset.key}, {"operation", operation}};
  return products_.get("vary", in_words(operation), recipe, [&](const fs::path& folder) {
    change(dataset.folder / "dataset", {folder / "dataset", Existing::replace});
  });
}

Product Stages::training_dataset(const RunConfig& config) {
  const VariantSettings& variant = config.variant;
  Product data = dataset(config, Split::train);
  if (variant.last_word_only)
    data = changed(data, {{"words", "last"}},
                   [](const auto& input, const auto& output) { concepts::keep_last_words(input, output); });
  if (variant.words < 1)
    data = changed(data, {{"words", variant.words}, {"seed", variant.seed}},
                   [&](const auto& input, const auto& output) {
                     concepts::sample_words(input, variant.words, variant.seed, output);
                   });
  if (variant.noise == Noise::none) return data;
  const auto draw = value_named<concepts::RandomDraw>(name_of(variant.noise)).value();
  return changed(data, {{"noise", std::string(name_of(variant.noise))}, {"seed", variant.seed}},
                 [&](const auto& input, const auto& output) {
                   concepts::randomise_synonyms(input, draw, variant.seed, output);
                 });
}

Product Stages::adapter(const Arm& arm) {
  const RunConfig& config = arm.config;
  const Product data = training_dataset(config);
  const Json recipe = {{"version", kAdapterVersion},
                       {"dataset", data.key},
                       {"model", recipe_of_options(config.model, store_)},
                       {"options", recipe_of_options(config.training, store_)}};
  return products_.get("train", arm.name, recipe, [&](const fs::path& folder) {
    const auto model = language_model(config.model.path, model::for_training(config.model.decoder));
    const auto& words = model.tokenizer();
    const training::DataRequest request{{data.folder / "dataset"}, {}, words->hash(), words->begin_token()};
    auto passages = training::read_training_data(request, config.training);
    passages.prompts = training::prepare_prompts(words, config.training.log.prompts);
    // By the name alone: the bytes of a run do not depend on where its model lies.
    training::train_model(model, file_label(config.model.path), std::move(passages), config.training, folder,
                          observer_, stop_);
  });
}

Product Stages::evaluation(const Experiment& experiment, const EvaluationGroup& group) {
  const RunConfig& config = group.arms.front()->config;
  const auto& options = config.evaluation.options;
  const auto held_out = held_out_sets(experiment, group, store_, [&](const PlannedPassages& planned) {
    return dataset(planned.config, planned.split);
  });
  const auto contrasts = contrasts_of(experiment, group);
  const std::int64_t resamples = contrast_resamples(experiment);
  std::vector<Product> adapters;
  Json recipe = {{"version", kEvaluationVersion},
                 {"model", recipe_of_options(config.model, store_)},
                 {"options", recipe_of_options(config.evaluation, store_)},
                 {"arms", Json::object()},
                 {"held_out", Json::array()},
                 {"contrasts", Json::array()},
                 {"contrast_resamples", resamples}};
  config.evaluation.tasks.for_each([&](evaluation::ChoiceTask choice_task, const fs::path& path) {
    for (const auto& file : evaluation::choice_task_files(choice_task, path))
      if (file != path) recipe["further_task_files"].push_back(hash_input(file, store_));
  });
  for (const Arm* arm : group.arms) {
    adapters.push_back(adapter(*arm));
    recipe["arms"][arm->name] = adapters.back().key;
  }
  for (const auto& set : held_out) recipe["held_out"].push_back({set.name, set.dataset.key});
  for (const auto& contrast : contrasts) recipe["contrasts"].push_back(evaluation::to_json(contrast));
  return products_.get("evaluate", group.model, recipe, [&](const fs::path& folder) {
    evaluation::EvaluationTask task{.model = language_model(config.model.path, config.model.decoder),
                                    .adapters = {},
                                    .benchmarks = {},
                                    .passages = {},
                                    .item_folder = {}};
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      task.adapters.push_back(evaluation::load_evaluated_adapter(evaluation::trained_in(adapters[i].folder),
                                                                 task.model.config(), config.model.decoder));
      task.adapters.back().name = group.arms[i]->name;
    }
    for (const auto& path : config.evaluation.benchmarks)
      task.benchmarks.push_back(evaluation::read_pair_benchmark(path));
    config.evaluation.tasks.for_each([&](evaluation::ChoiceTask choice_task, const fs::path& path) {
      task.choices.push_back(evaluation::load_choice_set(choice_task, path));
    });
    for (const auto& set : held_out) {
      task.passages.push_back(
          evaluation::load_passage_set(set.dataset.folder / "dataset", *task.model.tokenizer()));
      task.passages.back().name = set.name;
      task.passages.back().in_domain = set.in_domain;
    }
    task.contrasts = contrasts;
    task.contrast_resamples = resamples;
    task.item_folder = store_.run_folder() / "items";
    evaluation::write_results(folder / "results.json", evaluation::evaluate(task, options, observer_, stop_));
  });
}

}  // namespace conceptune::experiment
