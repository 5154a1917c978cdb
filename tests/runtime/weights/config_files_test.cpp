// A configuration comes back from either format.
#include "conceptune/runtime/weights/config_files.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/weights/gguf_writer.h"
#include "tests/runtime/weights/tiny_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::weights {
namespace {

ModelConfig odd_config(Family family) {
  ModelConfig config = tiny_config(family);
  config.norm_epsilon = static_cast<float>(1e-5);  // as it comes out of a GGUF
  config.rope_base = 1000042;
  return config;
}

void expect_equal(const ModelConfig& found, const ModelConfig& expected) {
  EXPECT_EQ(found.family, expected.family);
  EXPECT_EQ(found.layers, expected.layers);
  EXPECT_EQ(found.width, expected.width);
  EXPECT_EQ(found.heads, expected.heads);
  EXPECT_EQ(found.kv_heads, expected.kv_heads);
  EXPECT_EQ(found.head_size, expected.head_size);
  EXPECT_EQ(found.mlp_width, expected.mlp_width);
  EXPECT_EQ(found.vocabulary, expected.vocabulary);
  EXPECT_EQ(found.context_length, expected.context_length);
  EXPECT_EQ(found.rope_base, expected.rope_base);
  EXPECT_FLOAT_EQ(static_cast<float>(found.norm_epsilon), static_cast<float>(expected.norm_epsilon));
  EXPECT_EQ(found.tied_head, expected.tied_head);
  EXPECT_EQ(found.qkv_bias, expected.qkv_bias);
  EXPECT_EQ(found.qk_norm, expected.qk_norm);
}

class ConfigFiles : public testing::TestWithParam<Family> {};

TEST_P(ConfigFiles, JsonReadsBack) {
  ModelConfig config = odd_config(GetParam());
  config.tied_head = true;
  const Json json = config_to_json(config);
  expect_equal(config_from_json(json, "config.json"), config);
  EXPECT_EQ(to_json_text(json["rms_norm_eps"]), "1e-05");
}

TEST_P(ConfigFiles, GgufReadsBack) {
  const ModelConfig config = odd_config(GetParam());
  const test::TemporaryFolder folder;
  GgufValues values;
  set_config(config, values);
  const auto head = [] { return model::Matrix(9, 12); };
  write_gguf(folder.path() / "a.gguf", values.values(), {{"output.weight", {9, 12}, head}}, GgufStorage::f32);
  const ModelConfig found = config_from_gguf(GgufFile(folder.path() / "a.gguf"));
  expect_equal(found, config);
  EXPECT_EQ(found.name, "tiny");
}

INSTANTIATE_TEST_SUITE_P(All, ConfigFiles, testing::Values(Family::llama, Family::qwen2, Family::qwen3));

TEST(ConfigToJson, KeepsTheScalingOfLlama3) {
  ModelConfig config = odd_config(Family::llama);
  config.rope_scaling = {32, 1, 4, 8192};
  const auto found = config_from_json(config_to_json(config), "config.json").rope_scaling;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->factor, 32);
  EXPECT_EQ(found->low_frequency_factor, 1);
  EXPECT_EQ(found->high_frequency_factor, 4);
  EXPECT_EQ(found->original_context, 8192);
}

}  // namespace
}  // namespace conceptune::weights
