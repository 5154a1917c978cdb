#include "conceptune/runtime/weights/model_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/weights/tiny_model.h"

namespace conceptune::weights {
namespace {

using ::testing::HasSubstr;

/// Llama-3.2-1B's config.json, what matters of it.
Json llama_3_2_1b() {
  return Json::parse(R"({
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 2048,
    "intermediate_size": 8192, "head_dim": 64, "num_attention_heads": 32, "num_hidden_layers": 16,
    "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072, "rms_norm_eps": 1e-05,
    "rope_theta": 500000.0, "tie_word_embeddings": true, "attention_bias": false, "pretraining_tp": 1,
    "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                     "original_max_position_embeddings": 8192, "rope_type": "llama3"}})");
}

void expect_refused(const Json& json, std::string_view problem) {
  try {
    config_from_json(json, "config.json");
    ADD_FAILURE() << "accepted; expected: " << problem;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(std::string(problem)));
  }
}

GgufFile gguf_of(const std::string& content) { return {std::as_bytes(std::span(content)), "m.gguf"}; }

TEST(ModelConfig, ReadsLlama3) {
  const ModelConfig config = config_from_json(llama_3_2_1b(), "config.json");
  EXPECT_EQ(config.family, Family::llama);
  EXPECT_EQ(config.layers, 16);
  EXPECT_EQ(config.kv_heads, 8);
  EXPECT_EQ(config.head_size, 64);
  EXPECT_EQ(config.rope_base, 500000.0);
  EXPECT_TRUE(config.tied_head);
  EXPECT_FALSE(config.qkv_bias);
  ASSERT_TRUE(config.rope_scaling);
  EXPECT_EQ(config.rope_scaling->original_context, 8192);
}

TEST(ModelConfig, RopeParametersOfTransformers5MeanTheSame) {
  Json json = llama_3_2_1b();
  json["rope_parameters"] = json["rope_scaling"];
  json["rope_parameters"]["rope_theta"] = json["rope_theta"];
  json.erase("rope_scaling");
  json.erase("rope_theta");
  const ModelConfig config = config_from_json(json, "config.json");
  EXPECT_EQ(config.rope_base, 500000.0);
  ASSERT_TRUE(config.rope_scaling);
  EXPECT_EQ(config.rope_scaling->factor, 32.0);
}

TEST(ModelConfig, FamiliesDifferInBiasAndNorm) {
  Json json = llama_3_2_1b();
  json["model_type"] = "qwen2";
  EXPECT_TRUE(config_from_json(json, "c").qkv_bias);
  json["model_type"] = "qwen3";
  EXPECT_TRUE(config_from_json(json, "c").qk_norm);
  json.erase("head_dim");
  EXPECT_EQ(config_from_json(json, "c").head_size, 128) << "Qwen 3's own default";
}

TEST(ModelConfig, HeadSizeFollowsFromTheWidth) {
  Json json = llama_3_2_1b();
  json["head_dim"] = nullptr;
  EXPECT_EQ(config_from_json(json, "c").head_size, 64);
  json["num_attention_heads"] = 31;
  expect_refused(json, "width 2048 is no multiple of 31 attention heads");
}

TEST(ModelConfig, RefusesWhatItCannotCompute) {
  const std::pair<Json, const char*> cases[] = {
      {{{"model_type", "gemma2"}},
       "config.json: unknown architecture 'gemma2', expected one of: llama, qwen2, qwen3"},
      {{{"model_type", 3}}, "\"model_type\": expected a string"},
      {{{"attention_bias", true}}, "\"attention_bias\": is true, which is not supported"},
      {{{"use_sliding_window", true}}, "\"use_sliding_window\""},
      {{{"hidden_act", "gelu"}}, "is 'gelu', expected 'silu'"},
      {{{"quantization_config", {{"bits", 4}}}}, "quantised safetensors are not supported"},
      {{{"rope_scaling", {{"rope_type", "yarn"}}}}, "is 'yarn', expected 'default' or 'llama3'"},
      {{{"rope_scaling", {{"rope_type", "llama3"}}}}, "\"factor\": is missing"},
      {{{"rope_scaling", 7}}, "expected a JSON object"},
      {{{"num_hidden_layers", nullptr}}, "\"num_hidden_layers\": is missing"},
      {{{"num_hidden_layers", 1.5}}, "\"num_hidden_layers\": expected an integer"},
      {{{"num_hidden_layers", 18446744073709551615U}}, "\"num_hidden_layers\": expected an integer"},
      {{{"num_hidden_layers", -1}}, "layers is -1, expected 1 to 1024"},
      {{{"hidden_size", 1LL << 40}}, "width is 1099511627776, expected 1 to 131072"},
      {{{"num_key_value_heads", 7}}, "32 attention heads are not a multiple of 7 key/value heads"},
      {{{"head_dim", 63}}, "head size is 63, expected an even number"},
      {{{"rope_theta", -1}}, "rotary base is -1, expected a positive number"},
      {{{"rms_norm_eps", 2}}, "norm epsilon is 2, expected 0 to 1"},
  };
  for (const auto& [change, problem] : cases) {
    Json json = llama_3_2_1b();
    json.update(change);
    expect_refused(json, problem);
  }
  expect_refused(Json::array(), "expected a JSON object");
}

TEST(ModelConfig, ReadsGgufMetadata) {
  const ModelConfig expected = tiny_config(Family::qwen2);
  const std::string content = tiny_gguf(expected);
  const ModelConfig config = config_from_gguf(gguf_of(content));
  EXPECT_EQ(config.family, Family::qwen2);
  EXPECT_EQ(config.name, "tiny");
  EXPECT_EQ(config.head_size, 6);
  EXPECT_EQ(config.vocabulary, 9) << "from the embedding";
  EXPECT_FALSE(config.tied_head);
  EXPECT_TRUE(config.qkv_bias);
  EXPECT_FLOAT_EQ(static_cast<float>(config.norm_epsilon), 1e-5F);
}

TEST(ModelConfig, GgufWithoutAHeadIsTied) {
  const std::string content = tiny_gguf(tiny_config(Family::llama), "lm_head.weight");
  EXPECT_TRUE(config_from_gguf(gguf_of(content)).tied_head);
}

TEST(ModelConfig, ReadsGgufRopeDivisors) {
  const ModelConfig tiny = tiny_config(Family::llama);
  auto gguf = tiny_metadata(tiny);
  add_tiny_tensors(gguf, tiny);
  gguf.floats("rope_freqs.weight", {3}, {1, 2, 32});
  const std::string content = gguf.content();
  EXPECT_EQ(config_from_gguf(gguf_of(content)).rope_divisors, (std::vector<float>{1, 2, 32}));
}

TEST(ModelConfig, GgufWithBadDivisorsIsRefused) {
  auto gguf = tiny_metadata(tiny_config(Family::llama));
  gguf.floats("rope_freqs.weight", {3}, {1, 0, 32});
  const std::string content = gguf.content();
  EXPECT_THROW(config_from_gguf(gguf_of(content)), InputError);
}

TEST(ModelConfig, RefusesGgufOfOtherArchitectures) {
  test::GgufBuilder gguf;
  const std::string content = gguf.string("general.architecture", "mamba").content();
  try {
    config_from_gguf(gguf_of(content));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "reading model configuration: m.gguf: unknown architecture 'mamba', expected one of: llama, qwen2, "
        "qwen3");
  }
}

}  // namespace
}  // namespace conceptune::weights
