#include "conceptune/runtime/model/adapter_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"
#include "tests/runtime/weights/safetensors_bytes.h"

namespace conceptune::model {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kQ0 = "base_model.model.model.layers.0.self_attn.q_proj";
constexpr std::string_view kQ1 = "base_model.model.model.layers.1.self_attn.q_proj";

struct Shape {
  std::string name;
  std::vector<std::int64_t> shape;
  std::string type = "F16";
};

/// Matrices of rank 2 for both layers' queries of small_config(): 24 wide, 32 out.
std::vector<Shape> queries() {
  std::vector<Shape> tensors;
  for (const auto name : {kQ0, kQ1}) {
    tensors.push_back({std::string(name) + ".lora_A.weight", {2, 24}});
    tensors.push_back({std::string(name) + ".lora_B.weight", {32, 2}});
  }
  return tensors;
}

/// A file of zeros.
std::string file_of(const std::vector<Shape>& tensors) {
  Json header = Json::object();
  std::size_t end = 0;
  for (const auto& [name, shape, type] : tensors) {
    std::size_t bytes = type == "F32" || type == "I32" ? 4 : 2;
    for (const auto size : shape) bytes *= static_cast<std::size_t>(size);
    header[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {end, end + bytes}}};
    end += bytes;
  }
  return weights::safetensors_bytes(header.dump(), std::string(end, '\0'));
}

AdapterConfig settings(const Json& targets, const Json& layers = nullptr) {
  return adapter_config_from_json({{"peft_type", "LORA"},
                                   {"r", 2},
                                   {"lora_alpha", 6},
                                   {"target_modules", targets},
                                   {"layers_to_transform", layers}},
                                  "c");
}

std::vector<AdaptedModule> read(const std::string& content, const AdapterConfig& config) {
  const weights::SafetensorsFile file(std::as_bytes(std::span(content)), "m.safetensors");
  return adapted_modules(file, config, test::small_config());
}

void expect_refused(const std::vector<Shape>& tensors, const AdapterConfig& config,
                    const std::string& problem) {
  try {
    read(file_of(tensors), config);
    ADD_FAILURE() << "accepted; expected: " << problem;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("reading adapter: m.safetensors"));
    EXPECT_THAT(error.what(), HasSubstr(problem));
  }
}

TEST(AdapterTensors, AreTakenByTheirNames) {
  const std::string content = file_of(queries());
  const weights::SafetensorsFile file(std::as_bytes(std::span(content)), "m.safetensors");
  const auto modules = adapted_modules(file, settings(Json::array({"q_proj"})), test::small_config());
  ASSERT_EQ(modules.size(), 2U);
  EXPECT_EQ(modules[1].layer, 1);
  EXPECT_EQ(modules[1].projection, Projection::q);
  EXPECT_EQ(modules[1].alpha, 6);
  EXPECT_EQ(modules[1].a->shape, (std::vector<std::int64_t>{2, 24}));
  EXPECT_EQ(modules[1].b->name, std::string(kQ1) + ".lora_B.weight");
}

TEST(AdapterTensors, OfSomeLayersAlone) {
  auto one = queries();
  one.erase(one.begin(), one.begin() + 2);
  EXPECT_EQ(read(file_of(one), settings(Json::array({"q_proj"}), {1})).size(), 1U);
  EXPECT_EQ(read(file_of(one), settings(".*q_proj")).size(), 1U) << "a pattern is not evaluated";
  expect_refused(one, settings(Json::array({"q_proj"})),
                 "'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight': is missing, though "
                 "target_modules names its module");
  expect_refused(queries(), settings(Json::array({"q_proj"}), {1}), "that target_modules does not name");
}

TEST(AdapterTensors, OfOtherMethodsAreRefusedByName) {
  const std::pair<const char*, const char*> cases[] = {
      {"base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector.weight",
       "is no matrix of plain LoRA"},
      {"base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias", "is no matrix of plain LoRA"},
      {"base_model.model.model.layers.0.self_attn.q_proj.lora_diag", "is no matrix of plain LoRA"},
      {"base_model.model.model.layers.0.self_attn.q_proj.bias", "is no matrix of plain LoRA"},
      {"base_model.model.model.embed_tokens.lora_embedding_A", "is no matrix of plain LoRA"},
      {"base_model.model.lm_head.modules_to_save.weight", "is no matrix of plain LoRA"},
      {"model.layers.0.self_attn.q_proj.lora_A.weight", "is no matrix of plain LoRA"},
      {"base_model.model.lm_head.lora_A.weight", "'lm_head' is none of the projections of 2 layers"},
      {"base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight",
       "'model.layers.2.self_attn.q_proj' is none of the projections of 2 layers"},
      {"base_model.model.model.layers.00.self_attn.q_proj.lora_A.weight", "is none of the projections"},
      {"base_model.model.model.layers.0.self_attn.lora_A.weight", "is none of the projections"},
  };
  for (const auto& [name, problem] : cases) {
    auto tensors = queries();
    tensors.push_back({name, {2, 24}});
    expect_refused(tensors, settings(Json::array({"q_proj"})), std::string("tensor '") + name + "': ");
    expect_refused(tensors, settings(Json::array({"q_proj"})), problem);
  }
}

TEST(AdapterTensors, MustFitTheSettingsAndTheModel) {
  const AdapterConfig config = settings(Json::array({"q_proj"}));
  auto tensors = queries();
  tensors.pop_back();
  expect_refused(tensors, config, "q_proj.lora_A.weight': stands without its lora_B");
  tensors = queries();
  tensors[0].shape = {3, 24};
  expect_refused(tensors, config, "shape is [3, 24], expected [2, 24]: it has another rank");
  tensors = queries();
  tensors[3].shape = {31, 2};
  expect_refused(tensors, config, "shape is [31, 2], expected [32, 2]");
  tensors = queries();
  tensors[0].shape = {48};
  expect_refused(tensors, config, "shape is [48], expected [2, 24]");
  tensors = queries();
  tensors[0].type = "I32";
  expect_refused(tensors, config, "type is I32, expected F32, F16, BF16 or F64");
  expect_refused({}, config, "has no tensors");
}

}  // namespace
}  // namespace conceptune::model
