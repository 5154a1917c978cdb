#include "conceptune/runtime/weights/model_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

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
  json.erase("architectures");
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
      {{{"architectures", {"LlamaForSequenceClassification"}}}, "expected LlamaForCausalLM"},
      {{{"architectures", {"MistralForCausalLM"}}}, "\"architectures\": is [\"MistralForCausalLM\"]"},
      {{{"attention_bias", true}}, "\"attention_bias\": is true, expected false"},
      {{{"mlp_bias", true}}, "\"mlp_bias\": is true, expected false"},
      {{{"is_causal", false}}, "\"is_causal\": is false, expected true"},
      {{{"use_sliding_window", true}}, "\"use_sliding_window\": is true, expected false"},
      {{{"sliding_window", 4096}}, "\"sliding_window\": is 4096, expected null"},
      {{{"layer_types", {"full_attention", "sliding_attention"}}},
       "\"layer_types\": has \"sliding_attention\", expected \"full_attention\""},
      {{{"hidden_act", "gelu"}}, "is \"gelu\", expected \"silu\""},
      {{{"partial_rotary_factor", 0.5}}, "\"partial_rotary_factor\": is 0.5, expected 1"},
      {{{"rope_interleaved", true}}, "\"rope_interleaved\": is true, expected false"},
      {{{"attn_logit_softcapping", 50.0}},
       "\"attn_logit_softcapping\": is 50.0, a setting that is not known"},
      {{{"num_experts", 8}}, "\"num_experts\": is 8, a setting that is not known"},
      {{{"embedding_multiplier", 12}}, "\"embedding_multiplier\": is 12, a setting that is not known"},
      {{{"per_layer_config", {{"0", {{"num_attention_heads", 2}}}}}}, "\"per_layer_config\": is {"},
      {{{"quantization", {{"bits", 4}}}}, "\"quantization\": is {\"bits\":4}, a setting that is not known"},
      {{{"auto_map", {{"AutoModelForCausalLM", "own.Model"}}}}, "\"auto_map\": is {"},
      {{{"quantization_config", {{"bits", 4}}}}, "quantised safetensors are not supported"},
      {{{"rope_scaling", {{"rope_type", "yarn"}}}}, "is 'yarn', expected 'default' or 'llama3'"},
      {{{"rope_scaling", {{"rope_type", "llama3"}}}}, "\"factor\": is missing"},
      {{{"rope_scaling", 7}}, "expected a JSON object"},
      {{{"rope_scaling", {{"rope_type", "default"}, {"mrope_section", {8, 12, 12}}}}},
       "\"mrope_section\": is [8,12,12], which the rotary type 'default' does not have"},
      {{{"rope_scaling", {{"rope_type", "default"}, {"factor", 2.0}}}}, "\"factor\": is 2.0, which"},
      {{{"rope_scaling", {{"rope_type", "default"}, {"type", "linear"}}}},
       "\"rope_type\": is 'default', and \"type\" is 'linear', expected the same"},
      {{{"rope_scaling", {{"partial_rotary_factor", 0.25}}}},
       "\"partial_rotary_factor\": is 0.25, expected 1"},
      {{{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 500000.0}}}},
       "\"rope_parameters\": says another thing than \"rope_scaling\""},
      {{{"rope_scaling", {{"rope_type", "default"}, {"rope_theta", 10000.0}}}},
       "\"rope_theta\": is 500000, and 10000 in the rotary settings, expected the same"},
      {{{"original_max_position_embeddings", 4096}},
       "\"original_max_position_embeddings\": is another than in the rotary settings"},
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

TEST(ModelConfig, AcceptsWhatHasNoEffect) {
  Json json = llama_3_2_1b();
  // SmolLM2, Falcon 3, Qwen 2.5, a fine-tuned copy, and null for whatever it is
  json.update({{"is_llama_config", true},
               {"rope_interleaved", false},
               {"transformers.js_config", {{"kv_cache_dtype", {{"q4f16", "float16"}}}}},
               {"activation", "swiglu"},
               {"use_mrope", false},
               {"max_window_layers", 21},
               {"unsloth_fixed", true},
               {"_attn_implementation_autoset", true},
               {"torch_dtype", "bfloat16"},
               {"bos_token_id", 1},
               {"attention_dropout", 0.1},
               {"sliding_window", nullptr},
               {"attn_logit_softcapping", nullptr},
               {"layer_types", Json::array({"full_attention"})},
               {"partial_rotary_factor", 1.0}});
  EXPECT_EQ(config_from_json(json, "c").layers, 16);
  json["model_type"] = "qwen2";
  json["architectures"] = {"Qwen2ForCausalLM"};
  json["sliding_window"] = 131072;
  json["use_sliding_window"] = false;
  EXPECT_TRUE(config_from_json(json, "c").qkv_bias);
}

TEST(ModelConfig, BothFormsOfRotarySettingsMaySayTheSame) {
  Json json = llama_3_2_1b();
  json["rope_parameters"] = json["rope_scaling"];
  json["original_max_position_embeddings"] = 8192;
  EXPECT_EQ(config_from_json(json, "c").rope_scaling->factor, 32.0);
  json["rope_scaling"] = Json::object();
  EXPECT_EQ(config_from_json(json, "c").rope_base, 500000.0);
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

std::string gguf_refusal(const std::function<void(test::GgufBuilder&)>& change,
                         Family family = Family::llama) {
  auto gguf = tiny_metadata(tiny_config(family));
  change(gguf);
  add_tiny_tensors(gguf, tiny_config(family));
  const std::string content = gguf.content();
  try {
    config_from_gguf(gguf_of(content));
    return "accepted";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(ModelConfig, RefusesGgufSettingsItDoesNotKnow) {
  using test::GgufBuilder;
  const std::pair<std::function<void(GgufBuilder&)>, const char*> cases[] = {
      {[](auto& g) { g.integer("llama.expert_count", 8); },
       "'llama.expert_count' is 8, a setting that is not known"},
      {[](auto& g) { g.integer("llama.attention.sliding_window", 4096); },
       "'llama.attention.sliding_window' is 4096"},
      {[](auto& g) { g.number("llama.attn_logit_softcapping", 50); }, "'llama.attn_logit_softcapping' is 50"},
      {[](auto& g) { g.number("llama.rope.scaling.factor", 4); },
       "'llama.rope.scaling.factor' is 4, expected 1"},
      {[](auto& g) { g.string("llama.rope.scaling.type", "yarn"); },
       "'llama.rope.scaling.type' is 'yarn', expected none"},
      {[](auto& g) { g.integer("llama.rope.dimension_count", 4); },
       "'llama.rope.dimension_count' is 4, expected"},
      {[](auto& g) { g.integer("llama.attention.value_length", 4); },
       "'llama.attention.value_length' is 4, expected"},
  };
  for (const auto& [change, problem] : cases)
    EXPECT_THAT(gguf_refusal(change),
                HasSubstr("reading model configuration: m.gguf: " + std::string(problem)));
  EXPECT_EQ(gguf_refusal([](GgufBuilder& gguf) {
              gguf.integer("llama.expert_count", 0).integer("llama.rope.dimension_count", 6);
              gguf.integer("llama.attention.value_length", 6).integer("qwen2.expert_count", 8);
              gguf.string("llama.rope.scaling.type", "none").number("llama.rope.scaling.factor", 1);
            }),
            "accepted");
}

TEST(ModelConfig, RopeDivisorsAreLlamasAlone) {
  EXPECT_THAT(gguf_refusal(
                  [](test::GgufBuilder& gguf) {
                    gguf.floats("rope_freqs.weight", {3}, {1, 1, 1});
                  },
                  Family::qwen2),
              HasSubstr("tensor 'rope_freqs.weight' is none of a qwen2 model"));
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
