// Every weight's gradient against the loss's slope, and the saved model against the one in memory.
#include "conceptune/training/models/full_trainable.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/training/models/passes.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;

/// With a synonym of several tokens.
std::vector<TrainingPassage> passages() {
  return {{{3, 14, 15, 9, 2, 6}, {{1, {{14}, {4}}, {{{7, 8, 9}}}}, {4, {{2}, {30}, {31}}}}},
          {{8, 7, 9, 3}, {{2, {{9}}}}}};
}

double loss_at(const FullTrainable& model, const ObjectiveOptions& options) {
  const auto totals = evaluate_passages(model, passages(), options);
  return loss_of(totals.sums, totals.denominators, options);
}

/// The tied model of the tests, and golden ones whose heads are not.
std::vector<fs::path> models(const test::TemporaryFolder& folder) {
  test::write_tiny_model(folder.path());
  return {folder.path(), test::source("tests/reference/model/llama3")};
}

TEST(FullTrainable, EveryGradientIsTheLossesSlope) {
  const test::TemporaryFolder folder;
  for (const auto& path : models(folder)) {
    const FullTrainable model(path, {});
    const ObjectiveOptions options;
    accumulate_gradients(model, passages(), {{0}, {1}}, options, {1, 0});
    for (const auto& [name, tensor] : model.parameters()) {
      ASSERT_TRUE(tensor.grad().defined()) << name;
      const double length = tensor.grad().norm().item<double>();
      if (length < 1e-3) continue;  // lost in float32
      const at::Tensor direction = tensor.grad() / length;
      const double step = 2e-3 / length < 0.02 ? 2e-3 / length : 0.02;
      const auto loss_beyond = [&](double distance) {
        const at::NoGradGuard no_autograd;
        const at::Tensor before = tensor.detach().clone();
        tensor.add_(direction, distance);
        const double loss = loss_at(model, options);
        tensor.copy_(before);
        return loss;
      };
      EXPECT_NEAR((loss_beyond(step) - loss_beyond(-step)) / (2 * step), length, 0.02 * length) << name;
    }
  }
}

TEST(FullTrainable, TheSavedModelIsTheTrainedOne) {
  const test::TemporaryFolder folder;
  for (const auto& path : models(folder)) {
    const FullTrainable model(path, {});
    {
      const at::NoGradGuard no_autograd;
      for (const auto& [name, tensor] : model.parameters()) tensor.mul_(1.01);
    }
    const fs::path saved = folder.path() / "saved";
    model.save(saved, "A test.");
    const FullTrainable loaded(saved, {});
    EXPECT_EQ(loaded.parameters().size(), model.parameters().size());
    EXPECT_EQ(loss_at(loaded, {}), loss_at(model, {}));
    EXPECT_NE(loss_at(loaded, {}), loss_at(FullTrainable(path, {}), {}));
    EXPECT_TRUE(fs::exists(saved / "config.json"));
    EXPECT_NE(read_file(saved / "README.md", "reading").find("A test."), std::string::npos);
  }
}

TEST(FullTrainable, AGgufModelIsSavedAsOne) {
  const test::TemporaryFolder folder;
  const auto base = folder.write(
      "base.gguf", test::as_gguf(*weights::WeightStore::open(test::source("tests/reference/model/llama3"))));
  const FullTrainable model(base, {});
  model.save(folder.path() / "saved", "A test.");
  const auto loaded = weights::WeightStore::open(folder.path() / "saved");
  for (const auto& [name, tensor] : model.parameters())
    EXPECT_TRUE(at::equal(loaded->load(name), tensor.detach())) << name;
}

TEST(FullTrainable, TrainsInFloat32Alone) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  EXPECT_THROW(FullTrainable(folder.path(), {.type = model::DataType::bfloat16}), InputError);
  EXPECT_THROW(FullTrainable(folder.path(), {.device = "abacus"}), InputError);
}

}  // namespace
}  // namespace conceptune::training
