// The readers of untrusted files as functions of bytes: what the fuzzers call and the replay test repeats.
#pragma once

#include <cstddef>
#include <span>

namespace conceptune::fuzz {

/// Reads bytes of one format as deeply as a model's loading would. True when they are accepted, false when
/// they are refused with InputError; anything else is a finding.
using Target = bool (*)(std::span<const std::byte>);

bool read_safetensors(std::span<const std::byte> bytes);
bool read_gguf_weights(std::span<const std::byte> bytes);
bool read_model_config(std::span<const std::byte> bytes);

}  // namespace conceptune::fuzz
