// Shapes: D width, W words of a concept.
#include "conceptune/evaluation/concept_variations.h"

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

ConceptStates concept_states(const std::string& id, const at::Tensor& states_WD) {
  const auto as_floats = [](const at::Tensor& vector_D) {
    const at::Tensor values_D = vector_D.to(at::kCPU, at::kFloat).contiguous();
    return std::vector<float>(values_D.data_ptr<float>(), values_D.data_ptr<float>() + values_D.numel());
  };
  const at::Tensor exact_WD = states_WD.to(at::kDouble);
  const at::Tensor centroid_D = exact_WD.mean(0);
  return {.id = id,
          .words = static_cast<int>(states_WD.size(0)),
          .sum_D = as_floats((exact_WD / exact_WD.norm(2, 1, true)).sum(0)),
          .unit_centroid_D = as_floats(centroid_D / centroid_D.norm())};
}

}  // namespace conceptune::evaluation
