// What tests/reference/check_in_peer.py compares other programs' logits with.
#pragma once

#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/weights/safetensors_writer.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

/// The tokens of a single sequence and their logits.
inline void write_expected(const std::filesystem::path& path, const model::PackedBatch& batch,
                           const model::Matrix& logits_NV) {
  const model::Matrix tokens(1, batch.size());
  std::copy(batch.tokens.begin(), batch.tokens.end(), tokens.values());
  weights::write_safetensors(path,
                             {{"tokens", {batch.size()}, [&] { return tokens; }},
                              {"logits", {batch.size(), logits_NV.width()}, [&] { return logits_NV; }}},
                             weights::StoredType::f32);
}

}  // namespace conceptune::test
