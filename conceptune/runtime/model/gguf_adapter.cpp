#include "conceptune/runtime/model/gguf_adapter.h"

#include <map>
#include <string_view>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/gguf.h"
#include "conceptune/runtime/model/llama_rows.h"
#include "conceptune/runtime/weights/family_table.h"

namespace conceptune::model {
namespace {

constexpr std::string_view kDoing = "exporting adapter";

GgufValue text_value(std::string_view text) { return {GgufType::string, false, 1, {}, {text}}; }

/// B so that alpha / rank, by which llama.cpp multiplies, gives the pair's own scaling.
Matrix scaled_b(const LoraAdapter& adapter, const LoraPair& pair) {
  const auto rank = static_cast<double>(pair.a_RI.rows());
  const auto factor = static_cast<float>(adapter.scaling(pair) * rank / adapter.options().alpha);
  Matrix b_OR(pair.b_OR.rows(), pair.b_OR.width());
  for (std::int64_t i = 0; i < b_OR.size(); ++i) b_OR.values()[i] = pair.b_OR.values()[i] * factor;
  return b_OR;
}

std::vector<weights::GgufOutput> tensors_of(const LoraAdapter& adapter, const weights::ModelConfig& config) {
  std::map<std::string, const LoraPair*> pairs;
  for (std::int64_t layer = 0; layer < adapter.layers(); ++layer)
    for (const Projection projection : kProjections)
      if (const LoraPair* pair = adapter.find(layer, projection))
        pairs.emplace(module_name(layer, projection) + ".weight", pair);
  std::vector<weights::GgufOutput> tensors;
  for (const auto& weight : weights::expected_tensors(config)) {
    const auto found = pairs.find(weight.name);
    if (found == pairs.end()) continue;
    const LoraPair& pair = *found->second;
    const bool is_interleaved = weight.interleaved;
    tensors.push_back(
        {weight.gguf_name + ".lora_a", {pair.a_RI.rows(), pair.a_RI.width()}, [&pair] { return pair.a_RI; }});
    tensors.push_back({weight.gguf_name + ".lora_b",
                       {pair.b_OR.rows(), pair.b_OR.width()},
                       [&adapter, &pair, &config, is_interleaved] {
                         const Matrix b_OR = scaled_b(adapter, pair);
                         return is_interleaved ? interleaved(b_OR, config.head_size) : b_OR;
                       }});
  }
  return tensors;
}

}  // namespace

void check_gguf_adapter_output(const Destination& output, std::span<const std::filesystem::path> inputs) {
  if (output.path.extension() != ".gguf")
    throw InputError(kDoing, output.path.string(), "expected a name that ends in .gguf");
  check_file_destination(
      output, "GGUF adapter", kDoing,
      [](const std::filesystem::path& file) { return begins_with(file, "GGUF"); }, inputs);
}

void write_gguf_adapter(const Destination& output, const LoraAdapter& adapter,
                        const weights::ModelConfig& config, const std::string& name,
                        weights::GgufStorage storage) {
  check_gguf_adapter_output(output);
  const auto alpha = static_cast<float>(adapter.options().alpha);
  const std::map<std::string_view, GgufValue> metadata = {
      {"adapter.lora.alpha", {GgufType::f32, false, 1, std::as_bytes(std::span(&alpha, 1)), {}}},
      {"adapter.type", text_value("lora")},
      {"general.architecture", text_value(weights::name_of(config.family))},
      {"general.name", text_value(name)},
      {"general.type", text_value("adapter")}};
  weights::write_gguf(output.path, metadata, tensors_of(adapter, config), storage);
}

}  // namespace conceptune::model
