#include "conceptune/training/loss/losses.h"

namespace conceptune::training {

// Each in the file of its name; only this table knows them all.
extern const LossRule kPaper;
extern const LossRule kBlended;
extern const LossRule kWeightedCe;
extern const LossRule kContentNtp;
extern const LossRule kSoftTargets;
extern const LossRule kNextSynonym;

namespace {

constexpr const LossRule* kLosses[] = {&kPaper,      &kBlended,     &kWeightedCe,
                                       &kContentNtp, &kSoftTargets, &kNextSynonym};

}  // namespace

Loss::Loss() : Loss(kPaper) {}

std::vector<Loss> Loss::all() {
  std::vector<Loss> losses;
  for (const LossRule* rule : kLosses) losses.push_back(Loss(*rule));
  return losses;
}

}  // namespace conceptune::training
