#include "conceptune/concepts/counts.h"

#include <gtest/gtest.h>

namespace conceptune::concepts {
namespace {

TEST(AddCounts, AddsWholeNumbersAtAnyDepth) {
  Json total = Json::object();
  const Json part = {{"tokens", 3}, {"share", 0.5}, {"lost", {{"repeated", 1}}}};
  add_counts(total, part);
  add_counts(total, part);
  EXPECT_EQ(total, (Json{{"tokens", 6}, {"lost", {{"repeated", 2}}}}));
}

}  // namespace
}  // namespace conceptune::concepts
