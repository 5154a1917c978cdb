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

/// What a source runs for a content word, beside one pass of the candidates' model over the passage: about so
/// much, for estimates. Through the model that is asked by prompts, where the source reads which that is.
struct WordCost {
  double tokens = 0;    // through the layers
  double rows = 0;      // through the head
  double passages = 0;  // of which all tokens go through the layers again
};

struct SourceKindFacts {
  /// Keys and sections below [annotation] that it reads, besides what all sources do. What an annotation
  /// needs follows from them (read_options.h).
  std::vector<std::string> (*reads)(const AnnotateOptions& options);
  /// Whether the source itself runs the model that gives the tokens.
  bool runs_model = false;
  WordCost (*cost_of_word)(const AnnotateOptions& options) = [](const AnnotateOptions&) {
    return WordCost{};
  };
  std::unique_ptr<ConceptSource> (*make)(const AnnotateOptions& options, const AnnotationModels& models);
  /// `model` gives the tokens.
  std::vector<SourceInput> (*inputs)(const AnnotateOptions& options, const generation::LanguageModel& model);
};

/// Of the source that the options choose.
const SourceKindFacts& source_kind(const AnnotateOptions& options);

/// Who gives the candidates: the model or the options' server.
std::unique_ptr<CandidateSource> make_candidates(const AnnotateOptions& options,
                                                 const AnnotationModels& models);
/// The same; null where the source needs none.
std::unique_ptr<CandidateSource> make_candidate_source(const AnnotateOptions& options,
                                                       const AnnotationModels& models);

}  // namespace conceptune::concepts
