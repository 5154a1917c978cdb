// The reader of adapters: adapter_config.json, a zero byte, and the bytes of adapter_model.safetensors.
#include <algorithm>
#include <string_view>

#include "conceptune/base/hash.h"
#include "conceptune/runtime/model/adapter_tensors.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {
namespace {

/// The model that the seeds' adapters are for.
weights::ModelConfig small_model() {
  weights::ModelConfig config;
  config.layers = 2;
  config.width = 4;
  config.heads = 2;
  config.kv_heads = 1;
  config.head_size = 2;
  config.mlp_width = 3;
  config.vocabulary = 5;
  config.context_length = 8;
  return config;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool read_adapter(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const auto zero = static_cast<std::size_t>(std::ranges::find(bytes, std::byte{0}) - bytes.begin());
    const auto settings = model::adapter_config_from_json(
        parse_json(text_of(bytes.first(zero)), "fuzzing", "fuzzed"), "fuzzed");
    const weights::SafetensorsFile file(bytes.subspan(std::min(zero + 1, bytes.size())), "fuzzed");
    for (const auto& module : model::adapted_modules(file, settings, small_model()))
      for (const auto* tensor : {module.a, module.b}) sha256_hex(text_of(tensor->bytes));
  });
}

}  // namespace conceptune::fuzz
