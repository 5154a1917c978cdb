#include "conceptune/runtime/model/dropout.h"

#include <gtest/gtest.h>

#include "tests/support/matrices.h"

namespace conceptune::model {
namespace {

Matrix dropout_mask(const DropoutStream& stream, double rate, std::int64_t rows, std::int64_t columns,
                    std::int64_t first_row = 0) {
  const Matrix mask(rows, columns);
  fill_dropout_mask(stream, rate, first_row, rows, columns, mask.values());
  return mask;
}

TEST(Dropout, DropsTheShareAskedForAndKeepsTheMean) {
  const std::vector<float> mask = test::values_of(dropout_mask({1, 0, Projection::q}, 0.3, 400, 500));
  const auto count = static_cast<double>(mask.size());
  EXPECT_NEAR(static_cast<double>(std::count(mask.begin(), mask.end(), 0.0F)) / count, 0.3, 0.005);
  EXPECT_NEAR(std::accumulate(mask.begin(), mask.end(), 0.0) / count, 1.0, 0.01);
  EXPECT_FLOAT_EQ(*std::max_element(mask.begin(), mask.end()), 1 / 0.7F);
}

TEST(Dropout, IsTheSameForTheSameStreamAndAnotherForAnother) {
  const Matrix mask = dropout_mask({1, 2, Projection::v}, 0.5, 20, 30);
  EXPECT_TRUE(test::equal(mask, dropout_mask({1, 2, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(test::equal(mask, dropout_mask({2, 2, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(test::equal(mask, dropout_mask({1, 1, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(test::equal(mask, dropout_mask({1, 2, Projection::o}, 0.5, 20, 30)));
}

TEST(Dropout, RowsDependOnTheirNumberAlone) {
  const DropoutStream stream = {1, 2, Projection::v};
  EXPECT_TRUE(test::equal(dropout_mask(stream, 0.5, 3, 30, /*first_row=*/7),
                          rows_of(dropout_mask(stream, 0.5, 20, 30), 7, 3)));
}

TEST(Dropout, RateZeroKeepsAll) {
  EXPECT_TRUE(test::equal(dropout_mask({1, 0, Projection::q}, 0, 3, 4), test::filled(3, 4, 1)));
}

}  // namespace
}  // namespace conceptune::model
