#include "conceptune/runtime/model/tensor_pool.h"

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
