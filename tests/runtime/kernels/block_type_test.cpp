#include "conceptune/runtime/kernels/block_type.h"

#include <gtest/gtest.h>

namespace conceptune::kernels {
namespace {

TEST(BlockType, NamesLeadBackToTheType) {
  for (int i = 0; i <= static_cast<int>(BlockType::q6_k); ++i) {
    const auto type = static_cast<BlockType>(i);
    EXPECT_EQ(block_type_named(layout_of(type).name), type);
    EXPECT_NE(block_type_names().find(layout_of(type).name), std::string::npos);
  }
  EXPECT_EQ(block_type_named("IQ4_XS"), std::nullopt);
}

TEST(BlockType, LayoutsAreThoseOfTheFormat) {
  EXPECT_EQ(layout_of(BlockType::q4_1).bytes, 20U);
  EXPECT_EQ(layout_of(BlockType::q4_1).values, 32U);
  EXPECT_EQ(layout_of(BlockType::q6_k).bytes, 210U);
  EXPECT_EQ(layout_of(BlockType::q6_k).values, 256U);
}

}  // namespace
}  // namespace conceptune::kernels
