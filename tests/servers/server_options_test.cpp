#include "conceptune/servers/server_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::servers {
namespace {

TEST(ServerOptions, AreTransportButForAddressAndModel) {
  auto expected = field_names<ServerOptions>();
  std::erase(expected, "url");
  std::erase(expected, "model");
  EXPECT_THAT(kTransportFields, ::testing::ElementsAreArray(expected));
}

TEST(ServerOptions, NameNoServerUnlessAsked) {
  EXPECT_TRUE(ServerOptions().url.empty());
  EXPECT_EQ(options_to_json(ServerOptions())["api_key_variable"], "CONCEPTUNE_API_KEY");
}

}  // namespace
}  // namespace conceptune::servers
