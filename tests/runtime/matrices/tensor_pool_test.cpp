#include "conceptune/runtime/matrices/tensor_pool.h"

#include <gtest/gtest.h>

#include <optional>

namespace conceptune::model {
namespace {

constexpr std::int64_t kGrain = 1 << 16;

TEST(TensorPool, UsesMemoryAgainOnceItsTensorsAreGone) {
  const TensorPool pool;
  at::Tensor first = pool.matrix(100, 1000);
  const void* const memory = first.data_ptr();
  const at::Tensor part = first.narrow(0, 3, 2);
  first.reset();
  EXPECT_NE(pool.matrix(100, 1000).data_ptr(), memory) << "a part is still alive";
  const std::int64_t held = pool.held_bytes();
  const at::Tensor second = pool.matrix(90, 1000);
  EXPECT_EQ(second.sizes(), at::IntArrayRef({90, 1000}));
  EXPECT_EQ(pool.held_bytes(), held);
}

TEST(TensorPool, HoldsNoMoreThanWasInUseAtOnce) {
  const TensorPool pool;
  for (std::int64_t pages = 1; pages < 40; ++pages) {
    const at::Tensor tensor = pool.matrix(pages, kGrain / 4);
    EXPECT_LE(pool.held_bytes(), pages * kGrain);
  }
  for (std::int64_t pages = 40; pages > 0; --pages) pool.matrix(pages, kGrain / 4);
  EXPECT_LE(pool.held_bytes(), 40 * kGrain);
}

// What is let go in any order is one piece again.
TEST(TensorPool, JoinsWhatIsFree) {
  const TensorPool pool;
  std::vector<at::Tensor> tensors;
  for (int i = 0; i < 12; ++i) tensors.push_back(pool.matrix(1, kGrain));
  const void* const begin = tensors[0].data_ptr();
  const std::int64_t held = pool.held_bytes();
  for (const int i : {1, 0, 5, 3, 4, 11, 2, 8, 6, 7, 10, 9}) tensors[i].reset();
  const at::Tensor all = pool.matrix(12, kGrain);
  EXPECT_EQ(all.data_ptr(), begin);
  EXPECT_EQ(pool.held_bytes(), held);
}

// Larger than what is asked of the system at once, and beside others.
TEST(TensorPool, GivesTensorsOfAnySize) {
  const TensorPool pool;
  constexpr std::int64_t kLarge = 75 << 20;
  for (int round = 0; round < 2; ++round) {
    std::vector<at::Tensor> tensors;
    for (const std::int64_t values : {kLarge, std::int64_t{1}, kLarge, kGrain}) {
      tensors.push_back(pool.matrix(1, values));
      float* const begin = tensors.back().data_ptr<float>();
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(begin) % 64, 0U);
      begin[0] = begin[values - 1] = static_cast<float>(tensors.size());
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const float* const begin = tensors[i].data_ptr<float>();
      EXPECT_EQ(begin[0], static_cast<float>(i + 1));
      EXPECT_EQ(begin[tensors[i].numel() - 1], static_cast<float>(i + 1));
    }
  }
  EXPECT_LE(pool.held_bytes(), 2 * (kLarge + kGrain) * 4);
}

TEST(TensorPool, TensorsAreTheirOwnAndOutliveThePool) {
  at::Tensor a, b;
  {
    const TensorPool pool;
    a = pool.matrix(50, 700).fill_(1);
    b = pool.matrix(50, 700).fill_(2);
  }
  EXPECT_EQ(a.sum().item<float>(), 35000);
  EXPECT_EQ(b.sum().item<float>(), 70000);
  EXPECT_EQ(TensorPool().matrix(0, 5).numel(), 0);
}

}  // namespace
}  // namespace conceptune::model
