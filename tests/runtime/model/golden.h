// Golden values of tests/reference/make_model_golden.py.
#pragma once

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

inline std::vector<std::int32_t> golden_ids(const weights::SafetensorsFile& values, const std::string& name) {
  const at::Tensor ids = values.load(name, at::kInt);
  return {ids.data_ptr<std::int32_t>(), ids.data_ptr<std::int32_t>() + ids.numel()};
}

}  // namespace conceptune::test
