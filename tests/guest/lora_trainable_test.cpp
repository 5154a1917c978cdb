// An adapter trained through libtorch's operations against the same one trained by our kernels.
#include "conceptune/guest/lora_trainable.h"

#include <gtest/gtest.h>

#include "conceptune/guest/install.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "conceptune/training/models/guest_trainables.h"
#include "conceptune/training/models/lora_trainable.h"
#include "conceptune/training/models/passes.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/doubles.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::guest {
namespace {

using namespace conceptune::test;

/// With a synonym of several tokens.
std::vector<training::TrainingPassage> passages() {
  return {{{3, 14, 15, 9, 2, 6}, {{1, {{14}, {4}}, {{{7, 8, 9}}}}, {4, {{2}, {30}, {31}}}}},
          {{8, 7, 9, 3}, {{2, {{9}}}}}};
}

class TorchLora : public testing::Test {
 protected:
  TorchLora() {
    install();
    write_tiny_model(folder_.path());
    decoder_.emplace(weights::WeightStore::open(folder_.path()));
    adapter_ = random_adapter(decoder_->config(), {.rank = 2, .targets = {"all"}});
    by_kernels_.emplace(*decoder_, adapter_, "tiny");
    by_torch_ = training::guest_trainables().adapter(folder_.path(), {.fused = false}, adapter_, "tiny");
  }

  model::Matrix gradient_of(const training::Trainable& model) const {
    std::int64_t size = 0;
    for (const auto& parameter : model.parameters()) size += parameter.matrix.size();
    const model::Matrix gradient = filled(1, size, 0);
    training::accumulate_gradients(model, passages(), {{0, 1}}, {}, {1, 0},
                                   {gradient.values(), static_cast<std::size_t>(size)});
    return gradient;
  }

  TemporaryFolder folder_;
  std::optional<model::Decoder> decoder_;
  std::shared_ptr<model::LoraAdapter> adapter_;
  std::optional<training::LoraTrainable> by_kernels_;
  std::unique_ptr<training::Trainable> by_torch_;
};

TEST_F(TorchLora, LossGradientAndLogitsEqualTheKernels) {
  const auto expected = training::evaluate_passages(*by_kernels_, passages(), {}).sums;
  const auto actual = training::evaluate_passages(*by_torch_, passages(), {}).sums;
  EXPECT_NEAR(actual.cross_entropy, expected.cross_entropy, 1e-4 * expected.cross_entropy);
  EXPECT_NEAR(actual.concept_loss, expected.concept_loss, 1e-4 * expected.concept_loss);
  EXPECT_LT(relative_difference(gradient_of(*by_torch_), gradient_of(*by_kernels_)), 1e-4);
  const model::PackedBatch batch = random_batch({5, 3}, decoder_->config().vocabulary);
  const std::vector<std::int64_t> rows = {7, 1};
  EXPECT_LT(relative_difference(by_torch_->logits(batch, rows), by_kernels_->logits(batch, rows)), 1e-4);
}

TEST_F(TorchLora, SavesTheSameAdapter) {
  by_torch_->save(folder_.path() / "adapter", "A test.");
  const auto loaded = model::load_adapter(folder_.path() / "adapter", decoder_->config());
  const auto expected = adapter_->parameters(), actual = loaded->parameters();
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].name, expected[i].name);
    EXPECT_TRUE(equal(actual[i].matrix, expected[i].matrix)) << actual[i].name;
  }
}

}  // namespace
}  // namespace conceptune::guest
