// How hidden states of one concept's words lie to each other and to those of other concepts (paper
// section 5.1).
#pragma once

#include <string>
#include <vector>

#include "conceptune/results/metric_table.h"

namespace conceptune::evaluation {

/// The hidden states of the words of one concept, as far as cosines between all pairs need them: pairs of
/// unit vectors are counted through their sums, so no pair is left out and the cost is linear.
struct ConceptStates {
  std::string id;                      // of the passage
  int words = 0;                       // at least 2
  std::vector<float> sum_D;            // of the words' states, each of length 1
  std::vector<float> unit_centroid_D;  // the mean of the states, brought to length 1
  bool operator==(const ConceptStates&) const = default;
};

struct SubjectGeometry {
  std::string subject;
  std::vector<ConceptStates> concepts;
};

/// A table over concepts. intra_similarity: mean cosine over all pairs of words that share a concept;
/// inter_similarity: over all pairs of words of different concepts; clustering_score: the first minus the
/// second; centroid_similarity: mean cosine over all pairs of concepts' centroids. Concepts are resampled; a
/// pair of copies of one concept counts as no pair of different ones. Undefined for fewer than two concepts.
/// All subjects have the same concepts.
MetricTable geometry_table(const std::string& benchmark, std::vector<SubjectGeometry> subjects);

/// One line of an item file, and back; the second throws nlohmann's exceptions.
Json concept_states_to_json(const ConceptStates& states);
ConceptStates concept_states_from_json(const Json& item);

}  // namespace conceptune::evaluation
