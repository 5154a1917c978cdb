// The row order of llama.cpp's queries and keys.
#include "conceptune/runtime/model/llama_rows.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/matrices.h"

namespace conceptune::model {
namespace {

TEST(LlamaRows, HalvesOfEachHeadAlternate) {
  Matrix weight(8, 2);  // two heads of four rows
  for (std::int64_t i = 0; i < weight.size(); ++i) weight.values()[i] = static_cast<float>(i);
  EXPECT_EQ(test::values_of(interleaved(weight, 4)),
            (std::vector<float>{0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}));
}

TEST(LlamaRows, AVectorsValuesAreItsRows) {
  Matrix bias(1, 4);
  for (std::int64_t i = 0; i < 4; ++i) bias.values()[i] = static_cast<float>(i);
  EXPECT_EQ(test::values_of(interleaved(bias, 4)), (std::vector<float>{0, 2, 1, 3}));
}

}  // namespace
}  // namespace conceptune::model
