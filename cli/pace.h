// How far and how fast work is, in words.
#pragma once

#include <string>

#include "conceptune/experiment/stage_progress.h"

namespace conceptune::cli {

struct PaceText {
  /// " 45 % 120/260 steps", or " 120 steps" where the end is unknown.
  std::string state;
  /// ", 3.1/s, 0:45 left", or ", 0:25 each, …" of what takes long; ", 0:38" of time taken where nothing is
  /// known of the rest.
  std::string pace;
};

PaceText pace_text(const experiment::StageProgress& progress);

/// From 0 to 1; 0 where the end is unknown.
double fraction_done(const experiment::StageProgress& progress);

}  // namespace conceptune::cli
