#include "conceptune/runtime/model/workload.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

weights::ModelConfig two_layers() {
  weights::ModelConfig config;
  config.layers = 2;
  config.width = 8;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_size = 3;
  config.mlp_width = 20;
  config.vocabulary = 100;
  return config;
}

TEST(Workload, CountsFourFlopAWeight) {
  const double layer = 8 * 12 + 2 * 8 * 6 + 12 * 8 + 3 * 8 * 20;
  EXPECT_EQ(training_flop_per_token(two_layers()), 4 * (2 * layer + 8 * 100));
}

TEST(Workload, CountsWhatLayersKeep) {
  for (const ProductType type : {ProductType::float32, ProductType::bfloat16})
    EXPECT_EQ(activation_bytes_per_token(two_layers(), type, true), 2 * 4 * (8 + 12 + 4));
  EXPECT_EQ(activation_bytes_per_token(two_layers(), ProductType::float32, false),
            2 * 4 * (8 + 12 + 4 + 8 + 2 + 12 + 6 + 6 + 20 + 20));
  EXPECT_EQ(activation_bytes_per_token(two_layers(), ProductType::bfloat16, false),
            2 * 4 * (8 + 12 + 4 + 8 + 2 + 12 + 6 + 6 + 10 + 10));
}

TEST(Workload, MeasuresARate) {
  EXPECT_GT(product_rate(test::small_config(), 4, ProductType::float32), 0);
  EXPECT_GT(product_rate(test::small_config(), 4, ProductType::bfloat16), 0);
}

}  // namespace
}  // namespace conceptune::model
