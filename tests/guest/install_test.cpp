// What the installed guest serves, from a dataset on disk to a model on disk.
#include "conceptune/guest/install.h"

#include <gtest/gtest.h>

#include "conceptune/guest/full_trainable.h"
#include "conceptune/training/models/passes.h"
#include "conceptune/training/run/adapter_training.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"
#include "tests/training/small_dataset.h"

namespace conceptune::guest {
namespace {

using namespace conceptune::test;
using namespace training;
using training::test::write_dataset;
namespace fs = std::filesystem;

TEST(Install, TrainingAllWeightsLeavesTheModelWhoseValidationLossIsBest) {
  install();
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "base");
  write_tiny_model(folder.path() / "base");
  const DataRequest request{{write_dataset(folder.path() / "a", 20)}, {}, "tokenizer", {}};
  TrainingOptions options;
  options.method = Method::full;
  options.epochs = 2;
  options.optimizer.learning_rate = 0.003;
  const TrainingData data = read_training_data(request, options);
  const generation::LanguageModel base(folder.path() / "base");
  const auto result = train_model(base, "tiny", data, options, folder.path() / "run");
  EXPECT_LT(result.training_losses.back().loss, 0.9 * result.training_losses.front().loss);
  const FullTrainable best(result.adapter, {});
  const auto totals = evaluate_passages(best, data.validation, options.objective);
  EXPECT_DOUBLE_EQ(loss_of(totals.sums, totals.denominators, options.objective), result.best_loss);
}

}  // namespace
}  // namespace conceptune::guest
