// How fast a model's own passes run on this machine.
#pragma once

#include <cstdint>
#include <memory>

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/machine_rate.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::experiment {

// Rates are FLOP a second, of those that forward_cost() counts: attention, norms, expanding weights and
// waiting take time without adding to them. Passages of random tokens go through the first layers of the
// model, once through one of them and once through some, so that what a layer takes and what the rest takes
// are told apart: some seconds. On the CPU by our own kernels, whatever the options say.

/// The share of the processor that other programs leave now, above 0 and at most 1, by matrix products of a
/// model's shapes. Takes a second.
double share_left(const weights::ModelConfig& config);

/// Of passages with the loss of every token. `left` is share_left().
model::MachineRate forward_rate(const std::shared_ptr<const weights::WeightStore>& store,
                                const model::DecoderOptions& options, double left);

/// Of an adapter's updates, whose backward pass counts as another forward pass. `tokens` are of an update's
/// passages together; fewer are run where the model is large.
model::MachineRate training_rate(const std::shared_ptr<const weights::WeightStore>& store,
                                 const model::DecoderOptions& options, const model::LoraOptions& lora,
                                 std::int64_t tokens, double left);

}  // namespace conceptune::experiment
