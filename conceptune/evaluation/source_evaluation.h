// A concept source put to a benchmark of lexical substitution: what it proposes in the place of words whose
// substitutes people judged.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/concepts/annotate_options.h"
#include "conceptune/concepts/annotation_models.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/evaluation/benchmarks/substitution_file.h"
#include "conceptune/results/substitution_measures.h"

namespace conceptune::evaluation {

/// Substitutes of a target that count, the first ones of a source (the benchmark's measure is F at 10).
inline constexpr std::size_t kSubstitutesCounted = 10;

struct EvaluatedTarget {
  std::string id, word, pos;
  /// Why there are no synonyms; "answered" where there are.
  std::string coverage;
  std::vector<concepts::Synonym> synonyms;
  /// Lemmas of the synonyms, each once and without the target's own, and which people accept how often.
  std::vector<std::string> lemmas;
  std::vector<SubstituteVotes> judged;
  TargetScores scores;

  Json to_json() const;
};

struct SourceEvaluation {
  std::vector<EvaluatedTarget> targets;
  /// Targets that are not measured, by the reason.
  std::map<std::string, std::int64_t> left_out;
  double seconds = 0;      // that the source took, candidates included
  std::int64_t words = 0;  // that were put to it

  std::map<std::string, std::int64_t> coverage() const;
};

/// Targets of a benchmark made ready for a source.
struct PreparedTargets {
  std::vector<EvaluatedTarget> targets;
  std::map<std::string, std::int64_t> left_out;
  std::vector<concepts::Draft>
      drafts;  // of the targets that are content words: the context with that word alone
  std::vector<std::size_t> drafted;  // the target of each draft
};

/// What evaluate_source() asks a source about; throws as that.
PreparedTargets prepare_targets(const SubstitutionBenchmark& benchmark,
                                const concepts::AnnotateOptions& options,
                                const concepts::AnnotationModels& models, const concepts::WordNet& wordnet);

/// Asks the source for every noun, verb and adjective of the benchmark that annotation would take as a
/// content word of its context (whose runs of white space become a space each). Targets that are none count
/// as such for which nothing is proposed; other parts of speech, and targets without a judged substitute, are
/// left out. Both sides are compared by benchmark_lemma() with the WordNet of the options. Throws InputError
/// where nothing is left to measure, Interrupted when asked to stop.
SourceEvaluation evaluate_source(const SubstitutionBenchmark& benchmark,
                                 const concepts::AnnotateOptions& options,
                                 const concepts::AnnotationModels& models,
                                 ProgressObserver* observer = nullptr, std::stop_token stop = {});

/// A text with each run of white space as one space and none at its ends, and where a character of it went.
struct FoldedText {
  std::string text;
  std::uint32_t place = 0;
};
FoldedText fold_white_space(const std::string& text, std::uint32_t place);

}  // namespace conceptune::evaluation
