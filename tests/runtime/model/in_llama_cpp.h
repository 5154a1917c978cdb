// A GGUF model with an adapter, run by llama.cpp.
#pragma once

#include <fmt/format.h>

#include <string>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/gguf_adapter.h"
#include "tests/runtime/model/peer_expectation.h"
#include "tests/support/peer_python.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {

/// Whether the adapter, exported for the model, gives there the logits that it gives here; `bound` as
/// tests/reference/check_in_llama_cpp.py takes it.
inline bool runs_alike_in_llama_cpp(const std::filesystem::path& gguf, const model::LoraAdapter& adapter,
                                    const std::vector<std::int32_t>& tokens, const char* bound) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  const auto store = weights::WeightStore::open(gguf);
  model::write_gguf_adapter(at("adapter.gguf"), adapter, store->config(), "adapter",
                            weights::GgufStorage::f32);
  model::PackedBatch batch;
  batch.append(tokens);
  const model::Decoder decoder(store);
  write_expected(at("base"), batch, decoder.project(decoder.forward(batch)));
  write_expected(at("adapted"), batch, decoder.project(decoder.forward(batch, &adapter)));
  return run_peer_script("check_in_llama_cpp.py",
                         fmt::format("{} {} {} {} {}", gguf.string(), at("adapter.gguf").string(),
                                     at("base").string(), at("adapted").string(), bound));
}

}  // namespace conceptune::test
