#include "conceptune/experiment/stages.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "conceptune/concepts/annotate.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/evaluation/subject_names.h"
#include "conceptune/experiment/config_field.h"
#include "conceptune/experiment/corpus_label.h"
#include "conceptune/experiment/input_hash.h"
#include "conceptune/training/adapter_training.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

// Raised when a stage comes to give other results for the same recipe; tests/pipeline/pinned_products.json
// holds what a tiny experiment gives.
constexpr int kCorpusVersion = 2;
constexpr int kDatasetVersion = 4;
constexpr int kVariantVersion = 2;
constexpr int kAdapterVersion = 2;
constexpr int kEvaluationVersion = 2;

template <class Options>
Json recipe_of_options(Options options, RunStore& store) {
  return recipe_of(list_fields(options), store);
}

std::string_view name_of_split(Split split) { return split == Split::train ? "training" : "held-out"; }

const fs::path& annotating_model(const RunConfig& config) {
  return config.annotation.model.empty() ? config.model.path : config.annotation.model;
}

/// Held-out datasets of a group, each once, named for its corpus.
struct HeldOutSet {
  std::string name;
  Product dataset;
};

/// `name`, or with a number where another set or benchmark has it.
std::string free_name(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int number = 2; !taken.insert(candidate).second; ++number)
    candidate = name + "-" + std::to_string(number);
  return candidate;
}

/// The names of everything but passages that is evaluated on.
std::set<std::string> names_of_benchmarks(const EvaluationSettings& settings) {
  std::set<std::string> names = {"prompts"};
  for (const auto& path : settings.benchmarks) names.insert(evaluation::read_pair_benchmark(path).name);
  settings.tasks.for_each(
      [&](evaluation::ChoiceTask task, const fs::path&) { names.insert(std::string(name_of(task))); });
  return names;
}

/// Whether other arms are compared to this one, besides the base: it has no concept loss, or none with
/// synonyms.
bool is_reference(const RunConfig& config) {
  const auto& objective = config.training.objective;
  return objective.concept_weight == 0 || !objective.loss.rule().uses_synonyms;
}

}  // namespace

struct Stages::Loaded {
  std::map<fs::path, std::shared_ptr<const tokenizer::Tokenizer>> tokenizers;
  /// One at a time: two large models might not fit.
  fs::path decoder_path;
  Json decoder_options;
  std::shared_ptr<const model::Decoder> decoder;
};

Stages::Stages(RunStore& store, ProgressObserver* observer, std::stop_token stop)
    : store_(store),
      cache_(store),
      observer_(observer),
      stop_(std::move(stop)),
      loaded_(std::make_unique<Loaded>()) {}

Stages::~Stages() = default;

std::shared_ptr<const tokenizer::Tokenizer> Stages::tokenizer(const fs::path& model) {
  auto& tokenizer = loaded_->tokenizers[model];
  if (!tokenizer) tokenizer = tokenizer::Tokenizer::load(model);
  return tokenizer;
}

std::shared_ptr<const model::Decoder> Stages::decoder(const fs::path& model,
                                                      const model::DecoderOptions& options) {
  const Json recipe = options_to_json(options);
  if (loaded_->decoder && loaded_->decoder_path == model && loaded_->decoder_options == recipe)
    return loaded_->decoder;
  loaded_->decoder.reset();
  loaded_->decoder = std::make_shared<const model::Decoder>(weights::WeightStore::open(model), options);
  loaded_->decoder_path = model;
  loaded_->decoder_options = recipe;
  return loaded_->decoder;
}

Product Stages::corpus(const RunConfig& config) {
  corpus::CorpusOptions options = config.corpus;
  options.files = corpus::expand_files(options.files);
  const Json recipe = {{"version", kCorpusVersion}, {"options", recipe_of_options(options, store_)}};
  return cache_.get("corpus", corpus_label(config.corpus.files.front()), recipe, [&](const fs::path& folder) {
    corpus::write_sample({folder, Existing::replace}, corpus::sample_corpus(options, observer_, stop_),
                         options);
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
  const std::string subject =
      corpus_label(config.corpus.files.front()) + " " + std::string(name_of_split(split));
  return cache_.get("annotate", subject, recipe, [&](const fs::path& folder) {
    const auto passages =
        corpus::read_passages(sample.folder / (split == Split::train ? "train.jsonl" : "held-out.jsonl"));
    const auto models = concepts::load_annotation_models(annotating_model(config), pipeline, options,
                                                         config.model.decoder.device);
    concepts::annotate(passages, options, models, {folder / "dataset", Existing::replace}, observer_, stop_);
  });
}

Product Stages::changed(const Product& dataset, const Json& operation,
                        const std::function<void(const fs::path& input, const Destination& output)>& change) {
  const Json recipe = {{"version", kVariantVersion}, {"dataset", dataset.key}, {"operation", operation}};
  return cache_.get("vary", to_json_text(operation), recipe, [&](const fs::path& folder) {
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
  const auto draw =
      variant.noise == Noise::paper ? concepts::RandomDraw::paper : concepts::RandomDraw::authors;
  return changed(data, {{"noise", std::string(name_of(variant.noise))}, {"seed", variant.seed}},
                 [&](const auto& input, const auto& output) {
                   concepts::randomise_synonyms(input, draw, variant.seed, output);
                 });
}

Product Stages::adapter(const Arm& arm) {
  const RunConfig& config = arm.config;
  const Product data = training_dataset(config);
  const std::string model_hash = hash_input(config.model.path, store_);
  const Json recipe = {{"version", kAdapterVersion},
                       {"dataset", data.key},
                       {"model", recipe_of_options(config.model, store_)},
                       {"options", recipe_of_options(config.training, store_)}};
  return cache_.get("train", arm.name, recipe, [&](const fs::path& folder) {
    const auto words = tokenizer(config.model.path);
    const training::DataRequest request{{data.folder / "dataset"}, {}, words->hash(), words->begin_token()};
    auto passages = training::read_training_data(request, config.training);
    passages.prompts = training::prepare_prompts(words, config.training.log.prompts);
    const training::BaseModel base = {config.model.path.stem().string(), model_hash, config.model.path};
    if (config.training.method == training::Method::full)
      training::train_all_weights(base, config.model.decoder, std::move(passages), config.training, folder,
                                  observer_, stop_);
    else
      training::train_adapter(*decoder(config.model.path, model::for_training(config.model.decoder)), base,
                              std::move(passages), config.training, folder, observer_, stop_);
  });
}

Product Stages::evaluation(const EvaluationGroup& group) {
  const RunConfig& config = group.arms.front()->config;
  const auto& options = config.evaluation.options;
  std::vector<HeldOutSet> held_out;
  std::set<std::string> taken_names = names_of_benchmarks(config.evaluation);
  std::vector<Product> adapters;
  Json recipe = {{"version", kEvaluationVersion},
                 {"model", recipe_of_options(config.model, store_)},
                 {"options", recipe_of_options(config.evaluation, store_)},
                 {"arms", Json::object()},
                 {"held_out", Json::array()}};
  config.evaluation.tasks.for_each([&](evaluation::ChoiceTask choice_task, const fs::path& path) {
    for (const auto& file : evaluation::choice_task_files(choice_task, path))
      if (file != path) recipe["further_task_files"].push_back(hash_input(file, store_));
  });
  for (const Arm* arm : group.arms) {
    adapters.push_back(adapter(*arm));
    recipe["arms"][arm->name] = adapters.back().key;
    if (arm->config.corpus.held_out == 0) continue;
    const Product dataset = this->dataset(arm->config, Split::held_out);
    const bool known = std::any_of(held_out.begin(), held_out.end(),
                                   [&](const HeldOutSet& set) { return set.dataset.key == dataset.key; });
    if (known) continue;
    held_out.push_back({free_name(corpus_label(arm->config.corpus.files.front()), taken_names), dataset});
    recipe["held_out"].push_back(dataset.key);
  }
  return cache_.get("evaluate", group.model, recipe, [&](const fs::path& folder) {
    const auto words = tokenizer(config.model.path);
    const auto model = decoder(config.model.path, config.model.decoder);
    evaluation::EvaluationTask task{
        {*model, *words, config.model.path.string(), hash_input(config.model.path, store_)},
        {},
        {},
        {},
        {},
        {}};
    for (std::size_t i = 0; i < adapters.size(); ++i) {
      task.adapters.push_back(evaluation::load_evaluated_adapter(evaluation::trained_in(adapters[i].folder),
                                                                 model->config(), config.model.decoder));
      task.adapters.back().name = group.arms[i]->name;
    }
    for (const auto& path : config.evaluation.benchmarks)
      task.benchmarks.push_back(evaluation::read_pair_benchmark(path));
    config.evaluation.tasks.for_each([&](evaluation::ChoiceTask choice_task, const fs::path& path) {
      task.choices.push_back(evaluation::load_choice_set(choice_task, path));
    });
    for (const auto& set : held_out) {
      task.passages.push_back(evaluation::load_passage_set(set.dataset.folder / "dataset", *words));
      task.passages.back().name = set.name;
    }
    task.references = {std::string(evaluation::kBase)};
    for (const Arm* arm : group.arms)
      if (is_reference(arm->config)) task.references.push_back(arm->name);
    task.item_folder = store_.run_folder() / "items";
    evaluation::write_results(folder / "results.json", evaluation::evaluate(task, options, observer_, stop_));
  });
}

namespace {

/// Everything by which the evaluation of an arm's base model is known, by key: where it differs, arms share
/// no table.
std::map<std::string, Json> evaluation_settings(RunConfig config) {
  std::map<std::string, Json> settings;
  const auto add = [&](const std::string& prefix, const std::vector<ConfigField>& fields) {
    for (const auto& field : fields)
      if (field.decides == Decides::results) settings[prefix + field.key] = field.value();
  };
  add("model.", list_fields(config.model));
  add("evaluation.", list_fields(config.evaluation));
  return settings;
}

/// "model, layer 0": the model with the settings in which groups of it differ.
void label(std::vector<EvaluationGroup>& groups, const std::vector<std::map<std::string, Json>>& settings) {
  const auto path_of = [&](std::size_t i) { return groups[i].arms.front()->config.model.path; };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].model = path_of(i).stem().string();
    std::set<std::string> differing;
    for (std::size_t j = 0; j < groups.size(); ++j) {
      if (path_of(j) != path_of(i)) {
        if (path_of(j).stem() == path_of(i).stem()) groups[i].model = path_of(i).string();
        continue;
      }
      for (const auto& [key, value] : settings[j])
        if (settings[i].at(key) != value) differing.insert(key);
    }
    for (const auto& key : differing) groups[i].model += ", " + setting_label(key, settings[i].at(key));
  }
}

}  // namespace

std::vector<EvaluationGroup> group_by_evaluation(const std::vector<Arm>& arms) {
  std::vector<std::map<std::string, Json>> settings;
  std::vector<EvaluationGroup> groups;
  for (const auto& arm : arms) {
    const auto own = evaluation_settings(arm.config);
    const auto known = std::find(settings.begin(), settings.end(), own);
    if (known == settings.end()) {
      settings.push_back(own);
      groups.push_back({{}, {&arm}});
    } else {
      groups[static_cast<std::size_t>(known - settings.begin())].arms.push_back(&arm);
    }
  }
  label(groups, settings);
  return groups;
}

}  // namespace conceptune::experiment
