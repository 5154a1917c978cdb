// A matrix of random weights in every form that frozen matrices have.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "conceptune/runtime/matrices/frozen_matrix.h"

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
    const auto copy = [weight_OI = weight_OI_, halves_OI = weight_OI_.to(at::kBFloat16), unit](
                          const weights::MatrixBlock& block, auto* numbers) {
      const std::int64_t in = weight_OI.size(1), end = block.first_column + block.columns;
      ASSERT_EQ(block.first_column % unit, 0);
      ASSERT_TRUE(end % unit == 0 || end == in);
      using Number = std::remove_pointer_t<decltype(numbers)>;
      const void* const from = std::is_same_v<Number, float> ? weight_OI.data_ptr() : halves_OI.data_ptr();
      for (std::int64_t i = 0; i < block.rows; ++i)
        std::copy_n(static_cast<const Number*>(from) + (block.first_row + i) * in + block.first_column,
                    block.columns, numbers + i * block.columns);
    };
    return {weight_OI_.size(0), weight_OI_.size(1), unit, {copy, copy}};
  }

  std::vector<model::FrozenMatrix> forms() const {
    return {weight_OI_, weight_OI_.to(at::kBFloat16), stored(), stored(256)};
  }

  at::Tensor weight_OI_;
};

}  // namespace conceptune::test
