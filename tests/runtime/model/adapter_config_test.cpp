#include "conceptune/runtime/model/adapter_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/inputs.h"

namespace conceptune::model {
namespace {

using ::testing::HasSubstr;

/// What peft writes for its methods (tests/reference/make_adapter_golden.py).
const Json& peft_settings() {
  static const Json settings =
      read_json_file(test::source("tests/reference/adapters/settings.json"), "reading golden values");
  return settings;
}

Json changed(const Json& changes) {
  Json config = peft_settings().at("default");
  for (const auto& [key, value] : changes.items()) config[key] = value;
  return config;
}

AdapterConfig read(const Json& changes) { return adapter_config_from_json(changed(changes), "a.json"); }

std::string refusal(const Json& config) {
  try {
    adapter_config_from_json(config, "a.json");
    return "accepted";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(AdapterConfig, ReadsPlainLora) {
  const AdapterConfig config = read({{"use_rslora", true}, {"lora_alpha", 5.5}, {"lora_dropout", 0.1}});
  EXPECT_EQ(config.rank, 4);
  EXPECT_EQ(config.alpha, 5.5);
  EXPECT_EQ(config.dropout, 0.1);
  EXPECT_TRUE(config.rank_stabilised);
  EXPECT_EQ(config.choice.targets, (std::vector<std::string>{"q_proj", "v_proj"}));
}

TEST(AdapterConfig, AcceptsEveryFieldOfPeftAtItsDefault) { EXPECT_NO_THROW(read(Json::object())); }

TEST(AdapterConfig, AcceptsPeftsMethodsThatEndAsPlainLora) {
  for (const auto& [name, changes] : peft_settings().at("accepted").items())
    EXPECT_NO_THROW(read(changes)) << name;
}

TEST(AdapterConfig, RefusesPeftsOtherMethodsByTheirSetting) {
  EXPECT_GT(peft_settings().at("refused").size(), 20U);
  for (const auto& [name, method] : peft_settings().at("refused").items()) {
    const auto setting = method.at("setting").get<std::string>();
    EXPECT_THAT(refusal(changed(method.at("changes"))),
                HasSubstr("reading adapter: a.json: \"" + setting + "\" is "))
        << name;
  }
}

TEST(AdapterConfig, AConvertedAdapterKeepsTheSettingsOfItsStart) {
  EXPECT_NO_THROW(read({{"init_lora_weights", true}, {"corda_config", {{"corda_method", "kpm"}}}}));
}

TEST(AdapterConfig, NamesWhatItRefuses) {
  EXPECT_EQ(
      refusal(changed({{"use_dora", true}})),
      "reading adapter: a.json: \"use_dora\" is true, which is more than plain LoRA, the only method that "
      "is read");
  EXPECT_EQ(
      refusal(changed({{"use_mirrors", 2}})),
      "reading adapter: a.json: \"use_mirrors\" is 2, which is a setting not known here; it may be from a "
      "newer PEFT or another program");
  EXPECT_THAT(refusal(changed({{"init_lora_weights", "pissa_niter_16"}})),
              HasSubstr("\"init_lora_weights\" is \"pissa_niter_16\", a start that changes the base"));
  const std::pair<Json, const char*> cases[] = {
      {{{"peft_type", "IA3"}}, "\"peft_type\" is \"IA3\", expected \"LORA\""},
      {{{"peft_type", nullptr}}, "has no \"peft_type\""},
      {{{"r", nullptr}}, "has no \"r\""},
      {{{"r", 0}}, "\"r\" is 0, expected a rank from 1 to 4096"},
      {{{"r", 4.0}}, "\"r\" is 4.0, expected a rank"},
      {{{"r", "four"}}, "\"r\" is \"four\""},
      {{{"lora_alpha", -1}}, "\"lora_alpha\" is -1, expected a number of at least 0"},
      {{{"lora_dropout", 1}}, "\"lora_dropout\" is 1"},
      {{{"use_rslora", 1}}, "\"use_rslora\" is 1, expected true or false"},
      {{{"init_lora_weights", "lucky"}},
       "\"init_lora_weights\" is \"lucky\", which is a start of training not known"},
      {{{"init_lora_weights", 3}}, "\"init_lora_weights\" is 3"},
      {{{"target_modules", {1}}}, "\"target_modules\" is [1], expected a list of names"},
      {{{"layers_to_transform", {"a"}}}, "\"layers_to_transform\" is [\"a\"], expected numbers of layers"},
      {{{"rank_pattern", {{"q_proj", 0}}}}, "\"q_proj\" is 0, expected a rank"},
      {{{"rank_pattern", {{".*", 8}}}}, "\"rank_pattern\" is \".*\", a regular expression"},
      {{{"alpha_pattern", {{"q_proj", "x"}}}}, "\"q_proj\" is \"x\""},
      {{{"alpha_pattern", 8}}, "\"alpha_pattern\" is 8, expected an object"},
  };
  for (const auto& [changes, problem] : cases) EXPECT_THAT(refusal(changed(changes)), HasSubstr(problem));
  EXPECT_THAT(refusal(Json::array()), HasSubstr("is not a JSON object"));
}

TEST(AdapterConfig, TheFirstNameThatFitsGivesAModulesNumbers) {
  const AdapterConfig config =
      read({{"rank_pattern",
             {{"^model.layers.0.self_attn.q_proj", 2},
              {"layers\\.1\\.self_attn.q_proj", 3},
              {"q_proj", 7},
              {"proj", 9}}},
            {"alpha_pattern", {{"^layers.0.self_attn.q_proj", 1}, {"mlp.up_proj$", 6}}}});
  EXPECT_EQ(config.rank_of("model.layers.0.self_attn.q_proj"), 2);
  EXPECT_EQ(config.rank_of("model.layers.1.self_attn.q_proj"), 3);
  EXPECT_EQ(config.rank_of("model.layers.11.self_attn.q_proj"), 7) << "names fit at a dot alone";
  EXPECT_EQ(config.rank_of("model.layers.0.self_attn.v_proj"), 4);
  EXPECT_EQ(config.alpha_of("model.layers.0.self_attn.q_proj"), 8) << "'^' is the name's begin";
  EXPECT_EQ(config.alpha_of("model.layers.3.mlp.up_proj"), 6);
}

TEST(AdapterConfig, TellsWhichModulesAreAdapted) {
  const std::string q0 = "model.layers.0.self_attn.q_proj", q1 = "model.layers.1.self_attn.q_proj",
                    up1 = "model.layers.1.mlp.up_proj";
  const AdapterConfig names = read({{"target_modules", {"q_proj", up1}}, {"layers_to_transform", 0}});
  EXPECT_EQ(names.adapts(q0, 0), true);
  EXPECT_EQ(names.adapts(q1, 1), false);
  EXPECT_EQ(names.adapts(up1, 1), true) << "named in full";
  const AdapterConfig excluded =
      read({{"target_modules", "all-linear"}, {"exclude_modules", {"layers.1.mlp.up_proj"}}});
  EXPECT_EQ(excluded.adapts(q1, 1), true);
  EXPECT_EQ(excluded.adapts(up1, 1), false);
  EXPECT_EQ(read({{"target_modules", ".*q_proj"}}).adapts(q0, 0), std::nullopt);
  EXPECT_EQ(read({{"exclude_modules", ".*q_proj"}}).adapts(q0, 0), std::nullopt);
  EXPECT_EQ(read({{"layers_to_transform", {0}}, {"layers_pattern", "h"}}).adapts(q0, 0), std::nullopt);
  EXPECT_EQ(read({{"layers_to_transform", {1}}, {"layers_pattern", "layers"}}).adapts(q1, 1), true);
}

}  // namespace
}  // namespace conceptune::model
