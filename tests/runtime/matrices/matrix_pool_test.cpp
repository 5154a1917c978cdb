#include "conceptune/runtime/matrices/matrix_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace conceptune::model {
namespace {

constexpr std::int64_t kGrain = 1 << 16;

TEST(MatrixPool, UsesMemoryAgainOnceItsMatricesAreGone) {
  const MatrixPool pool;
  Matrix first = pool.matrix(100, 1000);
  const float* const memory = first.values();
  Matrix copy = first;
  first = {};
  EXPECT_NE(pool.matrix(100, 1000).values(), memory) << "a copy is still alive";
  const std::int64_t held = pool.held_bytes();
  const Matrix second = pool.matrix(90, 1000);
  EXPECT_EQ(second.rows(), 90);
  EXPECT_EQ(second.width(), 1000);
  EXPECT_EQ(pool.held_bytes(), held);
}

TEST(MatrixPool, HoldsNoMoreThanWasInUseAtOnce) {
  const MatrixPool pool;
  for (std::int64_t pages = 1; pages < 40; ++pages) {
    const Matrix matrix = pool.matrix(pages, kGrain / 4);
    EXPECT_LE(pool.held_bytes(), pages * kGrain);
  }
  for (std::int64_t pages = 40; pages > 0; --pages) pool.matrix(pages, kGrain / 4);
  EXPECT_LE(pool.held_bytes(), 40 * kGrain);
}

// What is let go in any order is one piece again.
TEST(MatrixPool, JoinsWhatIsFree) {
  const MatrixPool pool;
  std::vector<Matrix> matrices;
  for (int i = 0; i < 12; ++i) matrices.push_back(pool.matrix(1, kGrain));
  const void* const begin = matrices[0].values();
  const std::int64_t held = pool.held_bytes();
  for (const int i : {1, 0, 5, 3, 4, 11, 2, 8, 6, 7, 10, 9}) matrices[i] = {};
  const Matrix all = pool.matrix(12, kGrain);
  EXPECT_EQ(all.values(), begin);
  EXPECT_EQ(pool.held_bytes(), held);
}

// Larger than what is asked of the system at once, and beside others.
TEST(MatrixPool, GivesMatricesOfAnySize) {
  const MatrixPool pool;
  constexpr std::int64_t kLarge = 75 << 20;
  for (int round = 0; round < 2; ++round) {
    std::vector<Matrix> matrices;
    for (const std::int64_t values : {kLarge, std::int64_t{1}, kLarge, kGrain}) {
      matrices.push_back(pool.matrix(1, values));
      float* const begin = matrices.back().values();
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(begin) % 64, 0U);
      begin[0] = begin[values - 1] = static_cast<float>(matrices.size());
    }
    for (std::size_t i = 0; i < matrices.size(); ++i) {
      const float* const begin = matrices[i].values();
      EXPECT_EQ(begin[0], static_cast<float>(i + 1));
      EXPECT_EQ(begin[matrices[i].size() - 1], static_cast<float>(i + 1));
    }
  }
  EXPECT_LE(pool.held_bytes(), 2 * (kLarge + kGrain) * 4);
}

TEST(MatrixPool, MatricesAreTheirOwnAndOutliveThePool) {
  Matrix a, b;
  {
    const MatrixPool pool;
    a = pool.matrix(50, 700);
    b = pool.matrix(50, 700);
    std::fill_n(a.values(), a.size(), 1.0F);
    std::fill_n(b.values(), b.size(), 2.0F);
  }
  EXPECT_EQ(std::accumulate(a.values(), a.values() + a.size(), 0.0F), 35000);
  EXPECT_EQ(std::accumulate(b.values(), b.values() + b.size(), 0.0F), 70000);
  EXPECT_EQ(MatrixPool().matrix(0, 5).size(), 0);
}

TEST(MatrixPool, SeveralLieInOnePieceThatIsFreeWithTheLast) {
  const MatrixPool pool;
  std::vector<Matrix> several = pool.matrices(10, {3, 1, kGrain});
  const float* const begin = several[0].values();
  EXPECT_EQ(several[1].values(), begin + 30);
  EXPECT_EQ(several[2].values(), begin + 40);
  EXPECT_EQ(several[2].rows(), 10);
  const Matrix last = several[2];
  several.clear();
  EXPECT_NE(pool.matrix(10, 3).values(), begin);
}

}  // namespace
}  // namespace conceptune::model
