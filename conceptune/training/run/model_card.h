// What the card of a trained adapter or model says of its training.
#pragma once

#include <string>
#include <string_view>

#include "conceptune/training/options.h"
#include "conceptune/training/run/trainer.h"

namespace conceptune::training {

/// Markdown: `state`, one sentence of which part of the run this is, then a table of what it was trained on
/// and how. The same run gives the same text.
std::string describe_training(std::string_view state, const TrainingOptions& options,
                              const TrainingData& data);

}  // namespace conceptune::training
