// A matrix of random weights in every form that frozen matrices have.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

class MatrixForms : public testing::Test {
 protected:
  static constexpr std::int64_t kOut = 1000, kIn = 100;

  MatrixForms() { make_weights(kOut, kIn); }

  void make_weights(std::int64_t out, std::int64_t in) {
    weight_OI_ = random_matrix(out, in);
    halves_OI_ = model::Bf16Matrix(out, in);
    kernels::conversion_kernels().to_bf16(weight_OI_.values(), weight_OI_.size(), halves_OI_.values());
    kernels::conversion_kernels().from_bf16(halves_OI_.values(), weight_OI_.size(),
                                            weight_OI_.values());  // the same in every form
  }

  /// As a file stores it whose blocks are of `unit` numbers.
  model::FrozenMatrix stored(std::int64_t unit = 1) const {
    const auto copy_from = [unit](const auto& from) {
      return [from, unit](const model::MatrixBlock& block, auto* numbers) {
        const std::int64_t end = block.first_column + block.columns;
        ASSERT_EQ(block.first_column % unit, 0);
        ASSERT_TRUE(end % unit == 0 || end == from.width());
        for (std::int64_t i = 0; i < block.rows; ++i)
          std::copy_n(from.row(block.first_row + i) + block.first_column, block.columns,
                      numbers + i * block.columns);
      };
    };
    return {weight_OI_.rows(), weight_OI_.width(), unit, {copy_from(weight_OI_), copy_from(halves_OI_)}};
  }

  std::vector<model::FrozenMatrix> forms() const { return {weight_OI_, halves_OI_, stored(), stored(256)}; }

  model::Matrix weight_OI_;
  model::Bf16Matrix halves_OI_;
};

}  // namespace conceptune::test
