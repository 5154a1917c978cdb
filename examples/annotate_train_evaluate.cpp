// From a text to a measured adapter: sample passages, find their concepts, train on them, evaluate what was
// trained.
//
// usage: annotate_train_evaluate MODEL TEXT FOLDER
// TEXT holds a document a line. The English pipeline is found as the program finds it
// (CONCEPTUNE_ENGLISH_PIPELINE), WordNet where Debian puts it.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "conceptune/concepts/annotate.h"
#include "conceptune/corpus/corpus.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/training/run/adapter_training.h"

using namespace conceptune;
namespace fs = std::filesystem;

namespace {

/// Training and held-out passages as concept datasets below `folder`.
void make_datasets(const generation::LanguageModel& model, const fs::path& text, const fs::path& folder) {
  corpus::CorpusOptions options;
  options.files = {text};
  options.format = corpus::DocumentFormat::lines;
  options.passages = 200;
  options.held_out = 40;
  const auto sample = corpus::sample_corpus(options);

  concepts::AnnotateOptions annotation;
  annotation.source = concepts::SourceKind::wordnet;  // its synonyms among the model's 200 likeliest words
  const auto models = concepts::load_annotation_models(model, std::nullopt, annotation);
  const auto statistics = concepts::annotate(sample.train, annotation, models, folder / "train");
  concepts::annotate(sample.held_out, annotation, models, folder / "held-out");
  std::printf("%td passages, %td content words, %td of them with synonyms\n", statistics.passages,
              statistics.words, statistics.words_with_synonyms);
}

training::TrainingResult train_adapter(const generation::LanguageModel& model, const fs::path& folder) {
  training::TrainingOptions options;  // the paper's
  options.epochs = 1;
  options.objective.concept_weight = 1;  // concept loss alone
  const training::DataRequest request{.datasets = {folder / "train"},
                                      .validation_datasets = {},
                                      .tokenizer_hash = model.tokenizer()->hash(),
                                      .begin_token = model.tokenizer()->begin_token()};
  auto data = training::read_training_data(request, options);
  return training::train_model(model, model.path().string(), std::move(data), options, folder / "run");
}

void print_evaluation(const generation::LanguageModel& model, const fs::path& adapter,
                      const fs::path& folder) {
  const evaluation::EvaluationTask task{
      .model = model,
      .adapters = {evaluation::load_evaluated_adapter(adapter, model.config())},
      .benchmarks = {},
      .passages = {evaluation::load_passage_set(folder / "held-out", *model.tokenizer())},
      .item_folder = {}};
  const auto results = evaluation::evaluate(task, {});
  for (const auto& m : results.measurements)
    if (m.value.value && m.interval)
      std::printf("%-6s %-24s %10.4f  [%.4f, %.4f]\n", m.subject.c_str(), m.metric.c_str(), *m.value.value,
                  m.interval->low, m.interval->high);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fputs("usage: annotate_train_evaluate MODEL TEXT FOLDER\n", stderr), 2;
  const fs::path folder = argv[3];
  try {
    const generation::LanguageModel model(argv[1]);
    make_datasets(model, argv[2], folder);
    const auto trained = train_adapter(model, folder);
    std::printf("%td steps, adapter in %s\n", trained.steps, trained.adapter.c_str());
    print_evaluation(model, trained.adapter, folder);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
