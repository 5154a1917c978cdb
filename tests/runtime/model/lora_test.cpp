#include "conceptune/runtime/model/lora.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/model/merged_model.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/peer_expectation.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/peer_python.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

TEST(Lora, ResolvesNamesAndGroupsInTheLayersOrder) {
  using enum Projection;
  EXPECT_EQ(resolve_targets({"v_proj", "q_proj", "v_proj"}), (std::vector{q, v}));
  EXPECT_EQ(resolve_targets({"mlp", "o_proj"}), (std::vector{o, gate, up, down}));
  EXPECT_EQ(resolve_targets({"all-linear"}), (std::vector{q, k, v, o, gate, up, down}));
  EXPECT_THROW(resolve_targets({"lm_head"}), InputError);
  EXPECT_THROW(resolve_targets({}), InputError);
}

TEST(Lora, BeginsAsPeftDoes) {
  const LoraAdapter adapter(test::small_config(), {.rank = 8, .alpha = 4}, 1);
  const LoraPair& pair = *adapter.find(1, Projection::o);
  ASSERT_EQ(pair.a_RI.rows(), 8);
  ASSERT_EQ(pair.a_RI.width(), 32);
  const double bound = 1 / std::sqrt(32.0);
  double squares = 0;
  for (const float value : test::values_of(pair.a_RI)) {
    EXPECT_LE(std::abs(value), bound);
    squares += value * value;
  }
  EXPECT_NEAR(std::sqrt(squares / 256), bound / std::sqrt(3.0), 0.1 * bound);
  EXPECT_TRUE(test::equal(pair.b_OR, test::filled(24, 8, 0)));
  EXPECT_EQ(adapter.find(1, Projection::up), nullptr);
}

TEST(Lora, ScalesByRankOrItsRoot) {
  const auto scaling = [](const LoraOptions& options) {
    const LoraAdapter adapter(test::small_config(), options, 1);
    return adapter.scaling(*adapter.find(0, Projection::q));
  };
  EXPECT_DOUBLE_EQ(scaling({.rank = 16, .alpha = 8}), 0.5);
  EXPECT_DOUBLE_EQ(scaling({.rank = 16, .alpha = 8, .rank_stabilised = true}), 2);
}

TEST(Lora, OneProjectionsValuesDoNotDependOnTheOthers) {
  const auto config = test::small_config();
  const LoraAdapter some(config, {.targets = {"v_proj"}}, 5), all(config, {.targets = {"all"}}, 5);
  EXPECT_TRUE(test::equal(some.find(1, Projection::v)->a_RI, all.find(1, Projection::v)->a_RI));
  EXPECT_FALSE(test::equal(all.find(0, Projection::v)->a_RI, all.find(1, Projection::v)->a_RI));
}

TEST(Lora, ParametersHavePeftsNames) {
  const LoraAdapter adapter(test::small_config(), {.rank = 2, .targets = {"q_proj", "down_proj"}}, 1);
  std::vector<std::string> names;
  for (const auto& parameter : adapter.parameters()) names.push_back(parameter.name);
  ASSERT_EQ(names.size(), 8U);
  EXPECT_EQ(names[0], "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
  EXPECT_EQ(names[3], "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight");
  EXPECT_EQ(adapter.parameter_count(), 2 * 2 * ((24 + 32) + (40 + 24)));
}

TEST(Lora, RefusesBadOptions) {
  const auto config = test::small_config();
  EXPECT_THROW(LoraAdapter(config, {.rank = 0}, 1), InputError);
  EXPECT_THROW(LoraAdapter(config, {.dropout = 1}, 1), InputError);
  EXPECT_THROW(LoraAdapter(config, {.targets = {"q"}}, 1), InputError);
}

TEST(Lora, IsSavedAsPeftNamesIt) {
  const test::TemporaryFolder folder;
  const LoraAdapter adapter(test::small_config(), {.rank = 2, .targets = {"k_proj"}, .rank_stabilised = true},
                            1);
  save_adapter(folder.path() / "adapter", adapter, "org/base", "# Card\n");
  const Json config = read_json_file(folder.path() / "adapter" / "adapter_config.json", "testing");
  EXPECT_EQ(config["peft_type"], "LORA");
  EXPECT_EQ(config["r"], 2);
  EXPECT_EQ(config["use_rslora"], true);
  EXPECT_EQ(config["target_modules"], Json::array({"k_proj"}));
  EXPECT_EQ(config["base_model_name_or_path"], "org/base");
  const std::string card = read_file(folder.path() / "adapter" / "README.md", "testing");
  EXPECT_TRUE(card.starts_with("---\nbase_model: \"org/base\"\n")) << card;
  EXPECT_NE(card.find("\n---\n# Adapter for org/base\n# Card\n"), std::string::npos) << card;
  EXPECT_GT(std::filesystem::file_size(folder.path() / "adapter" / "adapter_model.safetensors"),
            static_cast<std::uintmax_t>(4 * adapter.parameter_count()));
}

TEST(Lora, ComesBackFromItsFiles) {
  const test::TemporaryFolder folder;
  const auto config = test::small_config();
  const auto adapter =
      test::random_adapter(config, {.rank = 3, .alpha = 7, .dropout = 0.1, .targets = {"all"}});
  save_adapter(folder.path() / "a", *adapter, "base", "");
  const auto loaded = load_adapter(folder.path() / "a", config);
  EXPECT_EQ(options_to_json(loaded->options())["alpha"], 7.0);
  EXPECT_EQ(loaded->scaling(*loaded->find(1, Projection::up)),
            adapter->scaling(*adapter->find(1, Projection::up)));
  const auto expected = adapter->parameters(), actual = loaded->parameters();
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].name, expected[i].name);
    EXPECT_TRUE(test::equal(actual[i].matrix, expected[i].matrix));
  }
}

TEST(Lora, RefusesAdaptersOfOtherModels) {
  const test::TemporaryFolder folder;
  const auto config = test::small_config();
  save_adapter(folder.path(), LoraAdapter(config, {}, 1), "base", "");
  weights::ModelConfig deeper = config, shallower = config, wider = config;
  deeper.layers = 3;
  shallower.layers = 1;
  wider.width = 32;
  for (const auto& other : {deeper, shallower, wider})
    EXPECT_THROW(load_adapter(folder.path(), other), InputError);
}

TEST(Lora, RefusesOtherMethodsAndBrokenFolders) {
  const test::TemporaryFolder folder;
  const auto config = test::small_config();
  EXPECT_THROW(load_adapter(folder.path() / "absent", config), InputError);
  save_adapter(folder.path(), LoraAdapter(config, {}, 1), "base", "");
  std::filesystem::remove(folder.path() / "manifest.json");  // the changes are meant
  const std::string good = read_file(folder.path() / "adapter_config.json", "testing");
  const auto with = [&](const char* key, const Json& value) {
    Json changed = parse_json(good, "testing", "config");
    changed[key] = value;
    folder.write("adapter_config.json", changed.dump());
  };
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, Json>>{
           {"use_dora", true}, {"r", 3}, {"target_modules", {"q_proj"}}, {"rank_pattern", {{"q_proj", 8}}}}) {
    with(key, value);
    EXPECT_THROW(load_adapter(folder.path(), config), InputError) << key << " = " << value;
  }
  with("r", 4);
  EXPECT_NO_THROW(load_adapter(folder.path(), config));
  folder.write("adapter_config.json", "[]");
  EXPECT_THROW(load_adapter(folder.path(), config), InputError);
}

/// Adapters as peft writes them for a small model, and what it computes with them (make_adapter_golden.py).
class PeftsAdapter : public testing::TestWithParam<const char*> {
 protected:
  static std::filesystem::path golden() { return test::source("tests/reference/adapters"); }
  static Matrix logits(const Decoder& decoder, const LoraAdapter* adapter) {
    PackedBatch batch;
    batch.append(test::golden_ids(weights::SafetensorsFile(golden() / "golden.safetensors"), "tokens"));
    return decoder.project(decoder.forward(batch, adapter));
  }
};

TEST_P(PeftsAdapter, ChangesTheModelAsPeftDoes) {
  const Decoder decoder(weights::WeightStore::open(test::source("tests/reference/model/llama3")));
  const auto adapter = load_adapter(golden() / GetParam(), decoder.config());
  const Matrix expected = weights::SafetensorsFile(golden() / "golden.safetensors").load(GetParam());
  EXPECT_LT(test::relative_difference(logits(decoder, adapter.get()), expected), 1e-5);
  const auto store = weights::WeightStore::open(test::source("tests/reference/model/llama3"));
  const Decoder merged(store->config(), merged_weights(store, adapter));
  EXPECT_LT(test::relative_difference(logits(merged, nullptr), expected), 1e-5);
  const test::TemporaryFolder folder;
  save_adapter(folder.path() / "again", *adapter, "llama3", "");
  const auto again = load_adapter(folder.path() / "again", decoder.config());
  EXPECT_TRUE(test::equal(logits(decoder, again.get()), logits(decoder, adapter.get())));
}

INSTANTIATE_TEST_SUITE_P(All, PeftsAdapter,
                         testing::Values("plain", "pattern", "suffix", "full_names", "all_linear", "excluded",
                                         "one_layer", "ranks", "stabilised", "converted_pissa", "bfloat16"),
                         [](const auto& instance) { return instance.param; });

/// A model that the adapters of the shared cases fit.
weights::ModelConfig config_of_cases() {
  weights::ModelConfig config = test::small_config();
  config.width = 64;
  config.heads = 8;
  config.kv_heads = 4;
  config.mlp_width = 96;
  return config;
}

TEST(LoraCases, PlainLoraLoadsHoweverItsTargetsAreWritten) {
  const auto cases = test::shared("cases/adapters");
  CONCEPTUNE_REQUIRE(cases);
  const std::map<std::string, std::size_t> expected = {
      {"ad_std", 8}, {"ad_regex", 8}, {"ad_suffix", 8}, {"ad_fullnames", 4}, {"ad_all", 28}};
  for (const auto& [name, tensors] : expected) {
    const auto adapter = load_adapter(cases / name, config_of_cases());
    const weights::SafetensorsFile file(cases / name / "adapter_model.safetensors");
    EXPECT_EQ(adapter->parameters().size(), tensors) << name;
    for (const auto& [tensor, value] : adapter->parameters())
      EXPECT_TRUE(test::equal(value, file.load(tensor))) << name;
    for (const Projection projection : kProjections) {
      const LoraPair* pair = adapter->find(0, projection);
      EXPECT_EQ(pair ? adapter->scaling(*pair) : 2, 2) << name;
    }
  }
  EXPECT_THROW(load_adapter(cases / "ad_corda", config_of_cases()), InputError);
}

TEST(LoraReference, LoadsInPeftWithEqualLogits) {
  CONCEPTUNE_REQUIRE_PEER_PYTHON();
  for (const char* family : {"llama3", "qwen2", "falcon3"})
    for (const bool rank_stabilised : {false, true}) {
      const test::TemporaryFolder folder;
      const auto base = test::source("tests/reference/model") / family;
      const Decoder decoder(weights::WeightStore::open(base));
      const LoraOptions options = {.rank = 3,
                                   .alpha = 5,
                                   .dropout = 0.2,
                                   .targets = {rank_stabilised ? "attention" : "all"},
                                   .rank_stabilised = rank_stabilised};
      const auto adapter = test::random_adapter(decoder.config(), options);
      save_adapter(folder.path() / "adapter", *adapter, base.string(), "A test.\n");
      const PackedBatch batch = test::random_batch({17}, decoder.config().vocabulary);
      test::write_expected(folder.path() / "expected.safetensors", batch,
                           decoder.project(decoder.forward(batch, adapter.get())));
      EXPECT_TRUE(test::run_peer_script(
          "check_in_peer.py",
          fmt::format("adapter {} {} {}", base.string(), (folder.path() / "adapter").string(),
                      (folder.path() / "expected.safetensors").string())))
          << family;
    }
}

}  // namespace
}  // namespace conceptune::model
