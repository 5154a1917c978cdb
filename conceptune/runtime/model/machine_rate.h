// How fast this machine multiplies matrices, busy as it is and were it idle.
#pragma once

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::model {

/// FLOP a second of matrix products on all threads.
struct MachineRate {
  /// By the processor time that the threads got: what an idle machine would give.
  double idle = 0;
  /// By the clock: less where other programs run.
  double now = 0;
};

/// Multiplies matrices of a layer's shapes for about a second, in the numbers that products of `type` are
/// computed in.
MachineRate measure_machine(const weights::ModelConfig& config, DataType type);

}  // namespace conceptune::model
