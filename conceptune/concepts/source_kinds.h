// What each kind of source is made of and needs: the one place that a new source is entered at.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/concepts/annotate_options.h"
#include "conceptune/concepts/annotation_models.h"
#include "conceptune/concepts/candidate_source.h"
#include "conceptune/concepts/concept_source.h"

namespace conceptune::concepts {

/// Something that a source reads, to be looked at before work begins.
struct SourceInput {
  std::string key;                                         ///< of the option under [annotation]
  std::filesystem::path path;                              ///< empty where it is not set
  std::string expected;                                    ///< what must be set; empty where nothing need be
  std::function<void(const std::filesystem::path&)> look;  ///< throws Error for what cannot be used
};

/// What a source runs through the model for a content word, beside one pass over the passage: about so much,
/// for estimates.
struct WordCost {
  double tokens = 0;  // through the layers
  double rows = 0;    // through the head
};

struct SourceKindFacts {
  /// Whether drafts must come with what a model expects in the words' places.
  bool (*needs_candidates)(const AnnotateOptions& options);
  /// Whether the source itself runs the model that gives the tokens.
  bool runs_model = false;
  /// Whether it puts prompts to an instruct model.
  bool asks_by_prompts = false;
  /// Not known for one that does.
  WordCost (*cost_of_word)(const AnnotateOptions& options) = [](const AnnotateOptions&) {
    return WordCost{};
  };
  std::unique_ptr<ConceptSource> (*make)(const AnnotateOptions& options, const AnnotationModels& models);
  /// `model` gives the tokens.
  std::vector<SourceInput> (*inputs)(const AnnotateOptions& options, const generation::LanguageModel& model);
};

/// Of the source that the options choose.
const SourceKindFacts& source_kind(const AnnotateOptions& options);

/// Whether these options need the weights of the model that gives the tokens: for candidates, prompts or the
/// source itself, as far as no server and no other model is named for them.
bool needs_model(const AnnotateOptions& options);

/// Who gives the candidates: the model or the options' server.
std::unique_ptr<CandidateSource> make_candidates(const AnnotateOptions& options,
                                                 const AnnotationModels& models);
/// The same; null where the source needs none.
std::unique_ptr<CandidateSource> make_candidate_source(const AnnotateOptions& options,
                                                       const AnnotationModels& models);

}  // namespace conceptune::concepts
