// Another library that runs decoders in our kernels' place, e.g. on a GPU. The library itself knows none: a
// program that is built with one installs it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/model/attention_memory.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/model/packed_batch.h"

namespace conceptune::model {

struct ForwardOptions {
  std::int64_t layers = -1;  // how many layers to run; -1 for all, which adds the final norm
  AttentionMemory* memory = nullptr;
};

/// What Decoder does, for options that our kernels do not serve.
class DecoderGuest {
 public:
  virtual ~DecoderGuest() = default;
  virtual Matrix forward(const PackedBatch& batch, const LoraAdapter* adapter,
                         const ForwardOptions& options) const = 0;
  virtual std::vector<Matrix> hidden_states(const PackedBatch& batch, const LoraAdapter* adapter) const = 0;
  virtual Matrix project(const Matrix& hidden_MD) const = 0;
};

using MakeDecoderGuest = std::function<std::shared_ptr<const DecoderGuest>(
    const weights::ModelConfig& config, const WeightSource& source, const DecoderOptions& options)>;

/// Before any decoder is made. `devices` are those that the guest adds, by the names that options give them.
void install_decoder_guest(MakeDecoderGuest make, std::vector<std::string> devices);
std::vector<std::string> guest_devices();

/// Whether our kernels serve the options: on the CPU, unless `fused` is false.
bool runs_by_kernels(const DecoderOptions& options);

/// The guest that runs such a decoder. Throws InputError that says what to build where none is installed.
std::shared_ptr<const DecoderGuest> make_decoder_guest(const weights::ModelConfig& config,
                                                       const WeightSource& source,
                                                       const DecoderOptions& options);

/// Throws InputError for options that nothing here serves.
void check_runnable(const DecoderOptions& options);

}  // namespace conceptune::model
