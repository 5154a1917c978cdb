// Writes a model of a known shape with random weights, for measuring speed and memory without the real one.
//
// usage: random_model SHAPE OUTPUT [--type f32|bf16|q8_0] [--tokenizer FILE.gguf|FOLDER] [--seed N]
//
// An OUTPUT that ends in .gguf is one file, else a Hugging Face folder (f32 or bf16), a shard a layer.
// Matrices are normal with deviation 0.02, norms 1; positions are rotated without scaling. Tensors are made
// one by one, so that no more memory is used than the largest takes. --tokenizer gives
// a file of the same kind to take the tokenizer from; ids beyond the shape's vocabulary are for the caller to
// avoid.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/gguf_values.h"
#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/weights/config_files.h"
#include "conceptune/runtime/weights/family_table.h"
#include "conceptune/runtime/weights/gguf_writer.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using weights::ExpectedTensor;
using weights::GgufStorage;
using weights::ModelConfig;

struct Arguments {
  std::string shape;
  fs::path output, tokenizer;
  std::string type = "bf16";
  std::uint64_t seed = 1;
};

const std::map<std::string, ModelConfig> kShapes = [] {
  ModelConfig base;
  base.head_size = 64;
  base.tied_head = true;
  ModelConfig small = base, one = base, eight = base;
  std::tie(small.layers, small.width, small.heads, small.kv_heads) = std::tuple(30, 576, 9, 3);
  std::tie(small.mlp_width, small.vocabulary, small.context_length) = std::tuple(1536, 49152, 8192);
  small.rope_base = 100000;
  std::tie(one.layers, one.width, one.heads, one.kv_heads) = std::tuple(16, 2048, 32, 8);
  std::tie(one.mlp_width, one.vocabulary, one.context_length) = std::tuple(8192, 128256, 131072);
  std::tie(eight.layers, eight.width, eight.heads, eight.kv_heads) = std::tuple(32, 4096, 32, 8);
  std::tie(eight.mlp_width, eight.vocabulary, eight.context_length) = std::tuple(14336, 128256, 131072);
  one.rope_base = eight.rope_base = 500000;
  eight.head_size = 128;
  eight.tied_head = false;
  return std::map<std::string, ModelConfig>{
      {"smollm2-135m", small}, {"llama-3.2-1b", one}, {"llama-3.1-8b", eight}};
}();

/// The tensor's values, the same for the same seed whatever file they go to.
model::Matrix random_values(const ExpectedTensor& tensor, std::uint64_t seed) {
  const bool is_norm = tensor.shape.size() == 1;
  const model::Matrix values(is_norm ? 1 : tensor.shape.front(), tensor.shape.back());
  Random random(seed, tensor.name);
  std::generate_n(values.values(), values.size(),
                  [&] { return is_norm ? 1.0F : static_cast<float>(0.02 * random.normal()); });
  return values;
}

void write_file(const ModelConfig& config, const Arguments& arguments) {
  GgufValues metadata;
  weights::set_config(config, metadata);
  std::optional<GgufFile> tokenizer;
  if (!arguments.tokenizer.empty())
    for (const auto& [key, value] : tokenizer.emplace(arguments.tokenizer).metadata())
      if (key.starts_with("tokenizer.")) metadata.set(std::string(key), value);
  std::vector<weights::GgufOutput> tensors;
  for (const ExpectedTensor& tensor : weights::expected_tensors(config))
    tensors.push_back({tensor.gguf_name, tensor.shape,
                       [tensor, &arguments] { return random_values(tensor, arguments.seed); }});
  const GgufStorage storage = arguments.type == "q8_0"   ? GgufStorage::q8_0
                              : arguments.type == "bf16" ? GgufStorage::bf16
                                                         : GgufStorage::f32;
  weights::write_gguf(arguments.output, metadata.values(), tensors, storage);
}

/// "model.layers.3" of a layer's tensor, else its whole name: what goes into one shard.
std::string shard_of(const std::string& name) {
  return name.starts_with("model.layers.") ? name.substr(0, name.find('.', 13)) : name;
}

void write_shards(const fs::path& folder, const std::vector<ExpectedTensor>& tensors,
                  const Arguments& arguments) {
  std::map<std::string, std::string> weight_map;
  for (std::size_t begin = 0, end = 0; begin < tensors.size(); begin = end) {
    const std::string shard = shard_of(tensors[begin].name), file = shard + ".safetensors";
    std::vector<weights::SafetensorsOutput> values;
    for (; end < tensors.size() && shard_of(tensors[end].name) == shard; ++end) {
      const ExpectedTensor& tensor = tensors[end];
      values.push_back({tensor.name, tensor.shape,
                        [&tensor, &arguments] { return random_values(tensor, arguments.seed); }});
      weight_map[tensor.name] = file;
    }
    const auto type = arguments.type == "bf16" ? weights::StoredType::bf16 : weights::StoredType::f32;
    weights::write_safetensors(folder / file, values, type, {{"format", "pt"}});
  }
  write_file_atomically(folder / "model.safetensors.index.json",
                        to_json_text({{"weight_map", weight_map}}, 2) + "\n");
}

void write_folder(const ModelConfig& config, const Arguments& arguments) {
  if (arguments.type == "q8_0")
    throw InputError("writing a random model", arguments.output.string(),
                     "q8_0 needs an output that ends in .gguf");
  AtomicFolder folder({arguments.output, Existing::replace}, ProductKind::model);
  for (const char* name : {"tokenizer.json", "tokenizer_config.json"})
    if (fs::exists(arguments.tokenizer / name))
      fs::copy_file(arguments.tokenizer / name, folder.path() / name);
  write_shards(folder.path(), weights::expected_tensors(config), arguments);
  Json facts = weights::config_to_json(config);
  facts["torch_dtype"] = arguments.type == "bf16" ? "bfloat16" : "float32";
  write_file_atomically(folder.path() / "config.json", to_json_text(facts, 2) + "\n");
  folder.commit();
}

void run(const Arguments& arguments) {
  ModelConfig config = kShapes.at(arguments.shape);
  config.name = "random " + arguments.shape;
  (arguments.output.extension() == ".gguf" ? write_file : write_folder)(config, arguments);
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  using conceptune::kShapes;
  conceptune::Arguments arguments;
  CLI::App app{"Writes a model of a known shape with random weights"};
  app.add_option("shape", arguments.shape, "Which")->required()->check(CLI::IsMember(&kShapes));
  app.add_option("output", arguments.output, "FILE.gguf or a folder")->required();
  app.add_option("--type", arguments.type, "Numbers of the matrices")
      ->check(CLI::IsMember({"f32", "bf16", "q8_0"}))
      ->capture_default_str();
  app.add_option("--tokenizer", arguments.tokenizer, "GGUF file, or folder with tokenizer.json")
      ->check(CLI::ExistingPath);
  app.add_option("--seed", arguments.seed, "Decides the weights");
  CLI11_PARSE(app, argc, argv);
  try {
    conceptune::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "random_model: {}\n", error.what());
    return conceptune::exit_code_of(error);
  }
  return 0;
}
