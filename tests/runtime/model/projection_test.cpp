#include "conceptune/runtime/model/projection.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

TEST(Projection, HasTheNamesAndShapesOfTheFamilyTable) {
  const weights::ModelConfig config = test::small_config();
  std::map<std::string, std::vector<std::int64_t>> expected;
  for (const auto& tensor : weights::expected_tensors(config)) expected[tensor.name] = tensor.shape;
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    for (const Projection projection : kProjections) {
      const ProjectionShape shape = projection_shape(config, projection);
      EXPECT_EQ(expected.at(module_name(layer, projection) + ".weight"),
                (std::vector<std::int64_t>{shape.out, shape.in}));
    }
  }
}

TEST(Projection, IsFoundByName) {
  for (const Projection projection : kProjections)
    EXPECT_EQ(projection_named(projection_name(projection)), projection);
  EXPECT_EQ(projection_named("lm_head"), std::nullopt);
}

}  // namespace
}  // namespace conceptune::model
