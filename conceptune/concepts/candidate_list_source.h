// The candidates themselves as concepts: what other sources are compared to.
#pragma once

#include <cstddef>
#include <cstdint>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::concepts {

/// In the model's order, most probable first, or drawn at random.
enum class CandidateOrder { model, random };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::CandidateOrder>
    conceptune::enum_names<conceptune::concepts::CandidateOrder>[] = {
        {"model", conceptune::concepts::CandidateOrder::model},
        {"random", conceptune::concepts::CandidateOrder::random}};

namespace conceptune::concepts {

struct CandidateListOptions {
  CandidateOrder order = CandidateOrder::model;
  int seed = 42;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("order", order, "Which candidates of a word: its most probable ones, or some at random");
    visit("seed", seed, "Seed of the random draw", at_least(0));
  }
};

/// The score is the model's probability. A word's draw depends on the seed, its passage and its place alone.
class CandidateListSource : public ConceptSource {
 public:
  CandidateListSource(const CandidateListOptions& options, int max_synonyms)
      : options_(options), max_synonyms_(static_cast<std::size_t>(max_synonyms)) {}

  Json made_from() const override { return Json::object(); }
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  CandidateListOptions options_;
  std::size_t max_synonyms_;
};

}  // namespace conceptune::concepts
