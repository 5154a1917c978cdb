#include "conceptune/servers/server_options.h"

#include <gtest/gtest.h>

namespace conceptune::servers {
namespace {

TEST(ServerOptions, DecideWhomIsAskedAndElseOnlyHow) {
  EXPECT_EQ(results_options_to_json(ServerOptions()), (Json{{"url", ""}, {"model", ""}}));
}

TEST(ServerOptions, NameNoServerUnlessAsked) {
  EXPECT_TRUE(ServerOptions().url.empty());
  EXPECT_EQ(options_to_json(ServerOptions())["api_key_variable"], "CONCEPTUNE_API_KEY");
}

}  // namespace
}  // namespace conceptune::servers
