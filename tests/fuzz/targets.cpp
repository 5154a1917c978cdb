#include "tests/fuzz/targets.h"

#include <vector>

#include "conceptune/base/hash.h"
#include "conceptune/runtime/weights/family_table.h"
#include "conceptune/runtime/weights/model_files.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::fuzz {
bool read_safetensors(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const weights::SafetensorsFile file(bytes, "fuzzed");
    for (const auto& tensor : file.tensors())
      sha256_hex({reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()});
  });
}

bool read_gguf_weights(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const auto store = weights::WeightStore::open(
        weights::model_files_of(std::make_shared<const GgufFile>(bytes, "fuzzed")), "fuzzed");
    std::vector<float> row;
    for (const auto& tensor : store->tensors()) {
      const std::int64_t columns = tensor.shape.size() == 2 ? tensor.shape[1] : 1;
      row.resize(static_cast<std::size_t>(columns));
      for (std::int64_t i = 0; i < tensor.shape[0]; ++i)
        store->expand_block(tensor, {i, 1, 0, columns}, row.data());
    }
  });
}

bool read_model_config(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    weights::expected_tensors(weights::config_from_json(parse_json(text, "fuzzing", "fuzzed"), "fuzzed"));
  });
}

}  // namespace conceptune::fuzz
