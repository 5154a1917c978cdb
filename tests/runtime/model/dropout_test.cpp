#include "conceptune/runtime/model/dropout.h"

#include <gtest/gtest.h>

namespace conceptune::model {
namespace {

TEST(Dropout, DropsTheShareAskedForAndKeepsTheMean) {
  const at::Tensor mask = dropout_mask({1, 0, Projection::q}, 0.3, 400, 500);
  EXPECT_NEAR((mask == 0).to(at::kFloat).mean().item<double>(), 0.3, 0.005);
  EXPECT_NEAR(mask.mean().item<double>(), 1.0, 0.01);
  EXPECT_FLOAT_EQ(mask.max().item<float>(), 1 / 0.7F);
}

TEST(Dropout, IsTheSameForTheSameStreamAndAnotherForAnother) {
  const at::Tensor mask = dropout_mask({1, 2, Projection::v}, 0.5, 20, 30);
  EXPECT_TRUE(mask.equal(dropout_mask({1, 2, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(mask.equal(dropout_mask({2, 2, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(mask.equal(dropout_mask({1, 1, Projection::v}, 0.5, 20, 30)));
  EXPECT_FALSE(mask.equal(dropout_mask({1, 2, Projection::o}, 0.5, 20, 30)));
}

TEST(Dropout, RateZeroKeepsAll) {
  EXPECT_TRUE(dropout_mask({1, 0, Projection::q}, 0, 3, 4).equal(at::ones({3, 4})));
}

}  // namespace
}  // namespace conceptune::model
