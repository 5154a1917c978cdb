// Every weight's gradient against the loss's slope, and the saved model against the one in memory.
#include "conceptune/guest/full_trainable.h"

#include <gtest/gtest.h>

#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/training/models/passes.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::guest {
namespace {

namespace fs = std::filesystem;
using namespace training;

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

/// All parameters' gradients, one behind the other.
std::vector<float> gradient_of(const FullTrainable& model, const ObjectiveOptions& options) {
  std::int64_t size = 0;
  for (const auto& [name, matrix] : model.parameters()) size += matrix.size();
  std::vector<float> gradient(static_cast<std::size_t>(size));
  accumulate_gradients(model, passages(), {{0}, {1}}, options, {1, 0}, gradient);
  return gradient;
}

/// The loss where a parameter is moved along a direction.
double loss_beyond(const FullTrainable& model, const model::Matrix& parameter,
                   std::span<const float> direction, double distance, const ObjectiveOptions& options) {
  const std::vector<float> before(parameter.values(), parameter.values() + parameter.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    parameter.values()[i] += static_cast<float>(distance * direction[i]);
  const double loss = loss_at(model, options);
  std::ranges::copy(before, parameter.values());
  return loss;
}

TEST(FullTrainable, EveryGradientIsTheLossesSlope) {
  const test::TemporaryFolder folder;
  for (const auto& path : models(folder)) {
    const FullTrainable model(path, {});
    const ObjectiveOptions options;
    const std::vector<float> gradient = gradient_of(model, options);
    std::size_t begin = 0;
    for (const auto& [name, matrix] : model.parameters()) {
      std::vector<float> direction(gradient.begin() + static_cast<std::ptrdiff_t>(begin),
                                   gradient.begin() + static_cast<std::ptrdiff_t>(begin) + matrix.size());
      begin += direction.size();
      const double length =
          std::sqrt(std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0));
      if (length < 1e-3) continue;  // lost in float32
      for (float& value : direction) value = static_cast<float>(value / length);
      const double step = std::min(0.02, 2e-3 / length);
      const double rise = loss_beyond(model, matrix, direction, step, options) -
                          loss_beyond(model, matrix, direction, -step, options);
      EXPECT_NEAR(rise / (2 * step), length, 0.02 * length) << name;
    }
  }
}

TEST(FullTrainable, TheSavedModelIsTheTrainedOne) {
  const test::TemporaryFolder folder;
  for (const auto& path : models(folder)) {
    const FullTrainable model(path, {});
    for (const auto& [name, matrix] : model.parameters())
      for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.values()[i] *= 1.01F;
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
  for (const auto& [name, matrix] : model.parameters())
    EXPECT_TRUE(std::equal(matrix.values(), matrix.values() + matrix.size(), loaded->load(name).values()))
        << name;
}

TEST(FullTrainable, TrainsInFloat32Alone) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  EXPECT_THROW(FullTrainable(folder.path(), {.type = model::DataType::bfloat16}), InputError);
  EXPECT_THROW(FullTrainable(folder.path(), {.device = "abacus"}), InputError);
}

}  // namespace
}  // namespace conceptune::guest
