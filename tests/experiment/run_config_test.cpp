#include "conceptune/experiment/run_config.h"

#include <gtest/gtest.h>

#include <set>

#include "conceptune/options/config_field.h"

namespace conceptune::experiment {
namespace {

TEST(RunConfig, EveryFieldHasItsOwnKeyAndADescription) {
  RunConfig config;
  std::set<std::string> keys;
  for (const auto& field : list_fields(config)) {
    EXPECT_TRUE(keys.insert(field.key).second) << field.key;
    EXPECT_FALSE(field.description.empty()) << field.key;
  }
}

TEST(RunConfig, DefaultsSatisfyTheirOwnLimits) {
  RunConfig config;
  for (const auto& field : list_fields(config)) EXPECT_TRUE(field.assign(field.value(), "/")) << field.key;
}

}  // namespace
}  // namespace conceptune::experiment
