// Shapes: D width, W words of a concept.
#include "conceptune/evaluation/concept_variations.h"

#include <cmath>
#include <numeric>
#include <span>

#include "conceptune/base/random.h"

namespace conceptune::evaluation {

std::vector<ConceptVariation> draw_variations(const PreparedPassages& prepared, std::uint64_t seed) {
  std::vector<ConceptVariation> variations;
  for (std::size_t p = 0; p < prepared.passages.size(); ++p) {
    const auto& passage = prepared.passages[p];
    std::vector<const PreparedPassages::Word*> candidates;
    for (const auto& word : passage.words)
      if (word.concept_ids.size() > 1) candidates.push_back(&word);
    if (candidates.empty()) continue;
    const auto& word = *candidates[Random(seed, passage.id).below(candidates.size())];
    variations.push_back({p, word.token, word.concept_ids});
  }
  return variations;
}

namespace {

double length_of(std::span<const double> vector_D) {
  return std::sqrt(std::inner_product(vector_D.begin(), vector_D.end(), vector_D.begin(), 0.0));
}

std::vector<float> as_floats(std::span<const double> vector_D) { return {vector_D.begin(), vector_D.end()}; }

}  // namespace

ConceptStates concept_states(const std::string& id, const model::Matrix& states_WD) {
  const auto width = static_cast<std::size_t>(states_WD.width());
  std::vector<double> unit_sum_D(width), centroid_D(width);
  for (std::int64_t w = 0; w < states_WD.rows(); ++w) {
    const std::vector<double> state_D(states_WD.row(w), states_WD.row(w) + width);
    const double length = length_of(state_D);
    for (std::size_t d = 0; d < width; ++d) {
      unit_sum_D[d] += state_D[d] / length;
      centroid_D[d] += state_D[d] / static_cast<double>(states_WD.rows());
    }
  }
  const double length = length_of(centroid_D);
  for (double& value : centroid_D) value /= length;
  return {.id = id,
          .words = static_cast<int>(states_WD.rows()),
          .sum_D = as_floats(unit_sum_D),
          .unit_centroid_D = as_floats(centroid_D)};
}

}  // namespace conceptune::evaluation
