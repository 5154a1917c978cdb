// A matrix of random weights in every form that frozen matrices have.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "conceptune/runtime/model/frozen_matrix.h"

namespace conceptune::test {

class MatrixForms : public testing::Test {
 protected:
  static constexpr std::int64_t kOut = 1000, kIn = 100;

  MatrixForms() {
    at::manual_seed(1);
    make_weights(kOut, kIn);
  }

  void make_weights(std::int64_t out, std::int64_t in) {
    weight_OI_ = at::randn({out, in}).to(at::kBFloat16).to(at::kFloat);  // the same in every form
  }

  /// As a file stores it whose blocks are of `unit` numbers.
  model::FrozenMatrix stored(std::int64_t unit = 1) const {
    const std::int64_t in = weight_OI_.size(1);
    return {weight_OI_.size(0), in, unit,
            [weight_OI = weight_OI_, in, unit](const weights::MatrixBlock& block, float* values) {
              const std::int64_t end = block.first_column + block.columns;
              ASSERT_EQ(block.first_column % unit, 0);
              ASSERT_TRUE(end % unit == 0 || end == in);
              for (std::int64_t i = 0; i < block.rows; ++i)
                std::copy_n(weight_OI.data_ptr<float>() + (block.first_row + i) * in + block.first_column,
                            block.columns, values + i * block.columns);
            }};
  }

  std::vector<model::FrozenMatrix> forms() const {
    return {weight_OI_, weight_OI_.to(at::kBFloat16), stored(), stored(256)};
  }

  at::Tensor weight_OI_;
};

}  // namespace conceptune::test
