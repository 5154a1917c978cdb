// The most probable next tokens at chosen positions.
//
// Shapes: P positions, D width, V vocabulary, K tokens kept.
#pragma once

#include <cstdint>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

struct TopK {
  model::MatrixOf<std::int32_t> ids_PK;  // most probable first
  model::Matrix log_probs_PK;            // of the softmax over the whole vocabulary
};

/// The k most probable next tokens of each row of hidden states (after the final norm); of equal logits the
/// smaller id comes first. The head is applied a few rows at a time, so no more than some tens of
/// megabytes of logits exist. Throws InputError unless 1 ≤ k ≤ V.
TopK top_k(const model::Decoder& decoder, const model::Matrix& hidden_PD, int k);

/// The same choice from logits that are there already.
TopK top_k_of_logits(const model::Matrix& logits_PV, int k);

}  // namespace conceptune::generation
