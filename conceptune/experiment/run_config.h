// The settings of one arm of an experiment: the option structs of all stages, composed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/concepts/annotate.h"
#include "conceptune/concepts/operations.h"
#include "conceptune/corpus/corpus.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/training/options.h"

namespace conceptune::experiment {

/// What the concept sets that are trained on are replaced by: nothing, or random ones (concepts::RandomDraw).
enum class Noise { none, paper, authors, keep_word };

}  // namespace conceptune::experiment

template <>
inline constexpr std::pair<const char*, conceptune::experiment::Noise>
    conceptune::enum_names<conceptune::experiment::Noise>[] = {
        {"none", conceptune::experiment::Noise::none},
        {"paper", conceptune::experiment::Noise::paper},
        {"authors", conceptune::experiment::Noise::authors},
        {"keep-word", conceptune::experiment::Noise::keep_word}};

namespace conceptune::experiment {

struct ModelSettings {
  std::filesystem::path path;
  std::string base_name;
  model::DecoderOptions decoder;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("path", path,
          "Base model: a GGUF file, or a folder with config.json, tokenizer.json and safetensors");
    visit("base_name", base_name,
          "What the adapters of the run call their base, such as its name on a hub; its path when empty",
          cost());
    decoder.visit_fields(visit);
  }
};

struct AnnotationSettings {
  std::filesystem::path model;
  std::filesystem::path english_pipeline;
  concepts::AnnotateOptions options;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("model", model, "Model that proposes candidates, of the same tokenizer; the base model when empty");
    visit("english_pipeline", english_pipeline,
          "Folder of spaCy's en_core_web_sm; when empty, $CONCEPTUNE_ENGLISH_PIPELINE, else the cache "
          "folder's");
    options.visit_fields(visit);
  }
};

/// The paper's ablations of the training data (sections 5.3 and 5.4).
struct VariantSettings {
  Noise noise = Noise::none;
  double words = 1;
  bool last_word_only = false;
  std::uint64_t seed = 42;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("noise", noise,
          "Train on random concept sets instead, drawn as the paper or its authors' code does, or beside the "
          "word itself");
    visit("words", words, "Share of each passage's content words to train on", between(0.001, 1));
    visit("last_word_only", last_word_only, "Train on the last word of passages that end in a content word");
    visit("seed", seed, "Seed of these choices");
  }
};

/// Published files of multiple-choice tasks; those without a file are not measured.
struct TaskSettings {
  std::filesystem::path arc_easy, arc_challenge, openbookqa, hellaswag, piqa, winogrande;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("arc_easy", arc_easy, "JSON lines of ARC-Easy; not measured when empty, as those below");
    visit("arc_challenge", arc_challenge, "JSON lines of ARC-Challenge");
    visit("openbookqa", openbookqa, "JSON lines of OpenBookQA");
    visit("hellaswag", hellaswag, "JSON lines of HellaSwag");
    visit("piqa", piqa, "JSON lines of PIQA, NAME-labels.lst beside them");
    visit("winogrande", winogrande, "JSON lines of WinoGrande");
  }

  /// Calls use(task, file) for each task with a file.
  template <class Use>
  void for_each(Use&& use) const {
    using evaluation::ChoiceTask;
    for (const auto& [task, file] :
         {std::pair(ChoiceTask::arc_easy, &arc_easy), std::pair(ChoiceTask::arc_challenge, &arc_challenge),
          std::pair(ChoiceTask::openbookqa, &openbookqa), std::pair(ChoiceTask::hellaswag, &hellaswag),
          std::pair(ChoiceTask::piqa, &piqa), std::pair(ChoiceTask::winogrande, &winogrande)})
      if (!file->empty()) use(task, *file);
  }
};

struct EvaluationSettings {
  std::vector<std::filesystem::path> benchmarks;
  TaskSettings tasks;
  evaluation::EvaluationOptions options;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("benchmarks", benchmarks, "Files of pairs with human similarity scores");
    visit("tasks", tasks, "Multiple-choice tasks");
    options.visit_fields(visit);
  }

  void check(const ReportProblem& report) const { options.check(report); }
};

struct RunConfig {
  std::string name;
  std::filesystem::path output;
  int threads = 0;
  ModelSettings model;
  corpus::CorpusOptions corpus;
  AnnotationSettings annotation;
  VariantSettings variant;
  training::TrainingOptions training;
  EvaluationSettings evaluation;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("name", name, "Title of the report; the config file's name when empty", whole_experiment());
    visit("output", output,
          "Folder of the run: products, store, report; runs/NAME beside the config when empty",
          whole_experiment());
    visit("threads", threads, "Threads of the arithmetic; 0: all cores", whole_experiment(between(0, 1024)));
    visit("model", model, "Base model");
    visit("corpus", corpus, "Source of passages");
    visit("annotation", annotation, "Concept sets of content words");
    visit("variant", variant, "Ablations of the training data");
    visit("training", training, "Adapters");
    visit("evaluation", evaluation, "Measures");
  }
};

}  // namespace conceptune::experiment
