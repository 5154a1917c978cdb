// How many bytes the activations of a batch may take.
#pragma once

#include <cstdint>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

/// Bytes that the options allow: to the process in all where they name a number, else four fifths of what is
/// available now, beyond what it holds.
std::int64_t allowed_memory(const MemoryOptions& options);

/// For training with weights that are loaded already: what the options allow the process, or else four fifths
/// of what is available, less what it holds and what a chunk of logits needs; at least 0. 0 where everything
/// is to be recomputed, the largest number where nothing is.
std::int64_t activation_budget(const model::Decoder& decoder, const MemoryOptions& options);

}  // namespace conceptune::training
