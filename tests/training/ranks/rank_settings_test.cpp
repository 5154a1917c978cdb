#include "conceptune/training/ranks/rank_settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr const char* kNames[] = {"RANK",        "WORLD_SIZE", "MASTER_ADDR",
                                  "MASTER_PORT", "LOCAL_RANK", "CONCEPTUNE_RANK_TIMEOUT"};

std::optional<RankSettings> settings_with(const Variables& variables) {
  for (const char* name : kNames) ::unsetenv(name);
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  struct Unset {
    ~Unset() {
      for (const char* name : kNames) ::unsetenv(name);
    }
  } unset;
  return rank_settings_from_environment();
}

const Variables kGood = {
    {"RANK", "1"}, {"WORLD_SIZE", "3"}, {"MASTER_ADDR", "node1"}, {"MASTER_PORT", "29500"}};

TEST(RankSettings, AreReadFromTorchrunsVariables) {
  EXPECT_FALSE(settings_with({}).has_value());
  EXPECT_FALSE(settings_with({{"MASTER_PORT", "1"}, {"RANK", ""}}).has_value());
  auto variables = kGood;
  variables.insert({{"LOCAL_RANK", "2"}, {"CONCEPTUNE_RANK_TIMEOUT", "7"}});
  const auto settings = settings_with(variables);
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->rank, 1);
  EXPECT_EQ(settings->size, 3);
  EXPECT_EQ(settings->address, "node1");
  EXPECT_EQ(settings->port, 29500);
  EXPECT_EQ(settings->local_rank, 2);
  EXPECT_EQ(settings->timeout, std::chrono::seconds(7));
  EXPECT_EQ(settings_with(kGood)->timeout, std::chrono::seconds(300));
}

TEST(RankSettings, NameTheVariableThatIsMissingOrWrong) {
  const auto message = [](const std::string& name, const std::string& value) {
    Variables variables = kGood;
    variables[name] = value;
    try {
      settings_with(variables);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"})
    EXPECT_NE(message(name, "").find(std::string(name) + ": is not set"), std::string::npos) << name;
  EXPECT_NE(message("RANK", "3").find("RANK: is '3', expected a whole number from 0 to 2"),
            std::string::npos);
  EXPECT_NE(message("RANK", "1x").find("is '1x'"), std::string::npos);
  EXPECT_NE(message("WORLD_SIZE", "0").find("from 1 to"), std::string::npos);
  EXPECT_NE(message("MASTER_PORT", "65536").find("from 1 to 65535"), std::string::npos);
  EXPECT_NE(message("LOCAL_RANK", "-1").find("LOCAL_RANK"), std::string::npos);
  EXPECT_NE(message("CONCEPTUNE_RANK_TIMEOUT", "0").find("from 1 to 86400"), std::string::npos);
}

}  // namespace
}  // namespace conceptune::training
