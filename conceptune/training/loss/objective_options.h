// The options of what is minimised.
#pragma once

#include "conceptune/options/option_fields.h"
#include "conceptune/training/loss/losses.h"
#include "conceptune/training/loss/soft_targets.h"

namespace conceptune::training {

struct ObjectiveOptions {
  Loss loss;
  double concept_weight = 0.5;
  double target_mass = 0.6;
  double content_weight = 5;
  SoftTargetsOptions soft_targets;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("loss", loss, "Objective to minimise");
    visit("concept_weight", concept_weight, "Weight λ of the concept loss against the next-token loss",
          between(0, 1));
    visit("target_mass", target_mass, "Probability τ of a concept set above which its loss is 0",
          between(0, 1));
    visit("content_weight", content_weight, "Weight of a content word's cross-entropy in weighted-ce",
          at_least(0));
    visit("soft_targets", soft_targets, "The target of soft-targets");
  }

  void check(const ReportProblem& report) const {
    const LossRule& rule = loss.rule();
    if (target_mass == 0 && rule.uses_target_mass && rule.weights(*this).next_token == 0)
      report("target_mass", "is 0 at concept_weight = 1: every concept's loss is 0 and nothing is trained");
  }
};

}  // namespace conceptune::training
