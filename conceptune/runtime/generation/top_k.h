// The most probable next tokens at chosen positions.
//
// Shapes: P positions, D width, V vocabulary, K tokens kept.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

struct TopK {
  at::Tensor ids_PK;        // int32, most probable first
  at::Tensor log_probs_PK;  // float32, of the softmax over the whole vocabulary
};

/// The k most probable next tokens of each row of hidden states (after the final norm); of equal logits the
/// smaller id comes first. The head is applied a few rows at a time, so no more than some tens of
/// megabytes of logits exist. Throws InputError unless 1 ≤ k ≤ V.
TopK top_k(const model::Decoder& decoder, const at::Tensor& hidden_PD, int k);

/// The same choice from logits that are there already, logits_PV in float32 on the CPU.
TopK top_k_of_logits(const at::Tensor& logits_PV, int k);

}  // namespace conceptune::generation
