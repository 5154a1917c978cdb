// What is minimised: the concept objective, its published variants and its controls.
#pragma once

#include <utility>

#include "conceptune/base/option_fields.h"

namespace conceptune::training {

/// paper: (1 − λ)·L_ntp + λ·L_concept (section 3.3). blended: the authors' released code, where only content
/// words lose next-token weight. weighted_ce: cross-entropy with a larger weight on content words, no
/// synonyms. content_ntp: as paper, with the word itself as its only concept token (what focusing on content
/// words alone does).
enum class Loss { paper, blended, weighted_ce, content_ntp };

}  // namespace conceptune::training

template <>
inline constexpr std::pair<const char*, conceptune::training::Loss>
    conceptune::enum_names<conceptune::training::Loss>[] = {
        {"paper", conceptune::training::Loss::paper},
        {"blended", conceptune::training::Loss::blended},
        {"weighted-ce", conceptune::training::Loss::weighted_ce},
        {"content-ntp", conceptune::training::Loss::content_ntp}};

namespace conceptune::training {

struct ObjectiveOptions {
  Loss loss = Loss::paper;
  double concept_weight = 0.5;
  double target_mass = 0.6;
  double content_weight = 5;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("loss", loss, "Objective to minimise");
    visit("concept_weight", concept_weight, "Weight λ of the concept loss against the next-token loss",
          between(0, 1));
    visit("target_mass", target_mass, "Probability τ of a concept set above which its loss is 0",
          between(0, 1));
    visit("content_weight", content_weight, "Weight of a content word's cross-entropy in weighted-ce",
          at_least(0));
  }
};

}  // namespace conceptune::training
