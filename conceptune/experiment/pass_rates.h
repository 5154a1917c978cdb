// How fast a model's own passes run on this machine.
#pragma once

#include <cstdint>
#include <memory>

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/machine_rate.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::experiment {

/// FLOP a second, of those that forward_cost() counts: attention, norms, expanding weights and waiting take
/// time without adding to them.
struct PassRates {
  /// Passages with the loss of every token.
  model::MachineRate forward;
  /// Updates of an adapter, whose backward pass counts as another forward pass.
  model::MachineRate training;
};

struct PassRequest {
  model::DecoderOptions decoder;
  model::LoraOptions lora;
  /// Of an update's passages together; fewer are run where the model is large.
  std::int64_t tokens = 512;
};

/// Runs passages of random tokens through the first layers of the model, once through one of them and once
/// through some, so that what a layer takes and what the rest takes are told apart. Takes some seconds. On
/// the CPU by our own kernels, whatever the options say.
PassRates measure_passes(const std::shared_ptr<const weights::WeightStore>& store,
                         const PassRequest& request);

}  // namespace conceptune::experiment
