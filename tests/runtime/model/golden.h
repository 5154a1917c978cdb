// Golden values of tests/reference/make_model_golden.py.
#pragma once

#include <cstring>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "tests/support/inputs.h"

namespace conceptune::test {

inline constexpr const char* kFamilies[] = {"llama3", "llama2", "qwen2", "qwen3", "falcon3"};

/// A small model of one family with what transformers and peft compute from it.
struct GoldenModel {
  explicit GoldenModel(const std::string& family)
      : folder(source("tests/reference/model") / family),
        values(folder / "golden.safetensors"),
        decoder(weights::WeightStore::open(folder)) {}

  std::filesystem::path folder;
  weights::SafetensorsFile values;
  model::Decoder decoder;
};

/// A vector of int32 or int64.
inline std::vector<std::int32_t> golden_ids(const weights::SafetensorsFile& values, const std::string& name) {
  const auto& stored = values.tensor(name);
  std::vector<std::int32_t> ids;
  const std::size_t size = stored.type == "I64" ? 8 : 4;
  for (std::size_t at = 0; at < stored.bytes.size(); at += size) {
    std::int32_t id = 0;  // the lower half of an int64
    std::memcpy(&id, stored.bytes.data() + at, sizeof id);
    ids.push_back(id);
  }
  return ids;
}

}  // namespace conceptune::test
