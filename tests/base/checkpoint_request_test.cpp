#include "conceptune/base/checkpoint_request.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

TEST(CheckpointRequest, EveryRequestCounts) {
  const auto before = checkpoint_requests();
  request_checkpoint();
  request_checkpoint();
  EXPECT_EQ(checkpoint_requests(), before + 2);
}

}  // namespace
}  // namespace conceptune
