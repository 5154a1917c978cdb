// A base model and any number of adapters on it, measured on benchmarks and held-out passages in one go.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/corpus/passage_ids.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/evaluation/generation_samples.h"
#include "conceptune/evaluation/multiple_choice.h"
#include "conceptune/evaluation/text_convention.h"
#include "conceptune/results/results.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::evaluation {

struct EvaluationOptions {
  TextConvention convention;
  bool paper_convention = true;
  bool geometry = false;
  bool keep_trained_passages = false;
  std::int64_t limit = 0;
  std::vector<std::string> limits;
  int tokens_per_batch = 1024;
  GenerationOptions generation;
  BootstrapOptions bootstrap;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("convention", convention, "How benchmark texts are given to the model");
    visit("paper_convention", paper_convention,
          "Report similarity in the paper's convention too: bare text, the tokenizer's own begin token, all "
          "pooled");
    visit("geometry", geometry,
          "Also measure how concepts cluster: one content word of every held-out passage, varied by its "
          "synonyms");
    visit("keep_trained_passages", keep_trained_passages,
          "Measure also on passages that a compared model was trained on");
    visit("limit", limit, "Pairs, passages or questions of a set to use, the first ones; 0 for all",
          at_least(0));
    visit("limits", limits, "The same for single sets, each as NAME=COUNT");
    visit("tokens_per_batch", tokens_per_batch, "Tokens that are run together; results agree to rounding",
          cost(at_least(1)));
    visit("generation", generation, "Continuations that the models write, for the reader");
    visit("bootstrap", bootstrap, "Confidence intervals");
  }

  void check(const ReportProblem& report) const;

  /// Items of a set to use; 0 for all.
  std::int64_t limit_of(const std::string& set) const;
};

/// The sets named in options.limits with their counts; those that are no NAME=COUNT are left out.
std::map<std::string, std::int64_t> limits_of(const EvaluationOptions& options);

struct EvaluatedAdapter {
  std::string name;  // different from the others' and from "base"
  std::string path;
  std::string hash;
  std::shared_ptr<const model::LoraAdapter> adapter;
  /// A model of its own in the adapter's place, where all weights were trained.
  std::shared_ptr<const model::Decoder> decoder = nullptr;
  /// Passages that it was trained or validated on, as far as that is known.
  corpus::PassageIds trained_on = {};
};

/// Held-out passages whose content words are marked. Those that an adapter was trained on are left out.
struct PassageSet {
  std::string name;
  std::string path;
  std::string hash;
  std::vector<concepts::ConceptRecord> records;
  /// Adapters that were trained on the corpus of these passages; nothing where that is not known.
  std::optional<std::vector<std::string>> in_domain = {};
};

/// Loads the folder of an adapter, or of a model of which all weights were trained, hash included; its name
/// is the folder's. In the folder of a training run it is known which passages it was trained on. `options`
/// are for such a model. Throws InputError when it does not fit the base's `config`.
EvaluatedAdapter load_evaluated_adapter(const std::filesystem::path& folder,
                                        const weights::ModelConfig& config,
                                        const model::DecoderOptions& options = {});

/// Reads a concept dataset as a passage set; its name is the folder's. Throws InputError when its tokens are
/// not those of `tokenizer`.
PassageSet load_passage_set(const std::filesystem::path& dataset, const tokenizer::Tokenizer& tokenizer);

/// A multiple-choice task's questions.
struct ChoiceSet {
  ChoiceTask task;
  std::string path;
  std::string hash;
  std::vector<ChoiceQuestion> questions;
};

/// Reads a task's published file; throws as read_choice_task() does.
ChoiceSet load_choice_set(ChoiceTask task, const std::filesystem::path& path);

struct EvaluationTask {
  generation::LanguageModel model;  // the base, whose weights its adapters share
  std::vector<EvaluatedAdapter> adapters;
  std::vector<PairBenchmark> benchmarks;
  std::vector<PassageSet> passages;
  std::vector<std::string> references = {std::string(kBase)};  // subjects that the others are compared to
  std::filesystem::path item_folder;  // per-item files, kept and used again; empty for none
  std::vector<ChoiceSet> choices = {};
  std::vector<Contrast> contrasts = {};  // questions, whose subjects and sets are those above
  std::int64_t contrast_resamples = 0;   // at least so many for them, where the options say fewer
};

/// Throws InputError for what the options ask of a model that it has not: a layer, a begin token, room for
/// the prompts.
void check_options(const EvaluationOptions& options, const tokenizer::Tokenizer& tokenizer,
                   const weights::ModelConfig& config);

/// Throws InputError for subjects or sets of one name, and for a reference that is no subject.
void check_names(const EvaluationTask& task);

/// Evaluates the base, then each adapter, on everything of the task. Passages begin with the token that the
/// tokenizer itself adds, if any; the convention's begin token concerns benchmarks alone. Passages that one
/// of the adapters was trained on are left out for all, with a warning, be it all of a set, unless the
/// options keep them. Throws InputError for subjects or sets of one name, and for a benchmark or passage set
/// of which nothing can be used; Interrupted on a stop request: items finished so far are in the item folder.
Results evaluate(const EvaluationTask& task, const EvaluationOptions& options,
                 ProgressObserver* observer = nullptr, std::stop_token stop = {});

}  // namespace conceptune::evaluation
