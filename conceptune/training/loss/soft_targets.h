// The options of soft-targets.
#pragma once

#include <utility>

#include "conceptune/options/option_fields.h"

namespace conceptune::training {

/// What the synonyms' shares of the target are proportional to: nothing, or their scores in the dataset.
enum class SynonymWeights { uniform, scores };

}  // namespace conceptune::training

template <>
inline constexpr std::pair<const char*, conceptune::training::SynonymWeights>
    conceptune::enum_names<conceptune::training::SynonymWeights>[] = {
        {"uniform", conceptune::training::SynonymWeights::uniform},
        {"scores", conceptune::training::SynonymWeights::scores}};

namespace conceptune::training {

struct SoftTargetsOptions {
  SynonymWeights weights = SynonymWeights::uniform;
  double own_share = 0.5;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("weights", weights,
          "How synonyms share the target in soft-targets: equally, or as their scores are");
    visit("own_share", own_share, "Share of the target that the word itself has where it has synonyms",
          between(0, 1));
  }
};

}  // namespace conceptune::training
