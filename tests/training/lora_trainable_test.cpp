// The whole path of a gradient: decoder, chunked objective, backward into the adapter.
#include "conceptune/training/lora_trainable.h"

#include <gtest/gtest.h>

#include "conceptune/training/passes.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::training {
namespace {

using namespace conceptune::test;

std::vector<TrainingPassage> passages() {
  return {{{3, 14, 15, 9, 2, 6}, {{1, {{14}, {4}}}, {4, {{2}, {30}, {31}}}}}, {{8, 7, 9, 3}, {{2, {{9}}}}}};
}

TEST(LoraTrainable, GradientIsTheLossesSlope) {
  const auto decoder = small_decoder();
  const auto adapter = random_adapter(decoder.config(), {.rank = 2, .targets = {"all"}});
  const LoraTrainable model(decoder, adapter, "small");
  for (const double concept_weight : {0.0, 0.5, 1.0}) {
    ObjectiveOptions options;
    options.concept_weight = concept_weight;
    for (const auto& parameter : model.parameters()) parameter.tensor.mutable_grad().reset();
    accumulate_gradients(model, passages(), {{0}, {1}}, options, 1, 0);

    // Along its own direction the loss rises by the gradient's length.
    double squares = 0;
    for (const auto& parameter : model.parameters())
      squares += parameter.tensor.grad().square().sum().item<double>();
    const double length = std::sqrt(squares);
    const auto loss_beyond = [&](double distance) {
      const at::NoGradGuard no_autograd;
      for (const auto& parameter : model.parameters())
        parameter.tensor.add_(parameter.tensor.grad(), distance / length);
      const auto totals = evaluate_passages(model, passages(), options);
      for (const auto& parameter : model.parameters())
        parameter.tensor.add_(parameter.tensor.grad(), -distance / length);
      return loss_of(totals.sums, totals.denominators, options);
    };
    constexpr double kStep = 2e-3;
    EXPECT_NEAR((loss_beyond(kStep) - loss_beyond(-kStep)) / (2 * kStep), length, 2e-3 * length);
  }
}

TEST(LoraTrainable, SavesWhatLoadsBackToTheSameLoss) {
  const auto decoder = small_decoder();
  const LoraTrainable model(decoder, random_adapter(decoder.config(), {}), "small");
  const TemporaryFolder folder;
  model.save(folder.path() / "adapter", "text");
  const LoraTrainable loaded(decoder, model::load_adapter(folder.path() / "adapter", decoder.config()),
                             "small");
  EXPECT_EQ(evaluate_passages(loaded, passages(), {}).sums.cross_entropy,
            evaluate_passages(model, passages(), {}).sums.cross_entropy);
}

}  // namespace
}  // namespace conceptune::training
