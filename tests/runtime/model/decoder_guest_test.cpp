#include "conceptune/runtime/model/decoder_guest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/runtime/model/environment.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/refusal.h"

namespace conceptune::model {
namespace {

using ::testing::ElementsAre;

/// Gives matrices that tell which of its functions made them.
class Stub : public DecoderGuest {
 public:
  Matrix forward(const PackedBatch&, const LoraAdapter*, const ForwardOptions& options) const override {
    return test::filled(1, 1, static_cast<float>(options.layers));
  }
  std::vector<Matrix> hidden_states(const PackedBatch&, const LoraAdapter*) const override {
    return {test::filled(1, 1, 8)};
  }
  Matrix project(const Matrix&) const override { return test::filled(1, 1, 9); }
};

class DecoderGuestTest : public testing::Test {
 protected:
  ~DecoderGuestTest() override { install_decoder_guest({}, {}); }
};

TEST_F(DecoderGuestTest, OptionsThatNothingServesAreRefusedInOneLine) {
  install_decoder_guest({}, {});
  EXPECT_EQ(test::refusal_of([] { test::small_decoder({.fused = false}); }),
            "loading the model: fused: is false, which needs libtorch: this program was built without it "
            "(cmake -DCONCEPTUNE_TORCH=ON)");
  EXPECT_EQ(test::refusal_of([] { test::small_decoder({.device = "cuda"}); }),
            "loading the model: device: is 'cuda', which needs libtorch: this program was built without it "
            "(cmake -DCONCEPTUNE_TORCH=ON)");
  EXPECT_EQ(test::refusal_of([] { check_runnable({.device = "abacus", .fused = false}); }),
            "loading the model: device: is 'abacus', which needs libtorch: this program was built without it "
            "(cmake -DCONCEPTUNE_TORCH=ON)");
  EXPECT_NO_THROW(check_runnable({}));
}

TEST_F(DecoderGuestTest, RunsWhatOurKernelsDoNotServe) {
  std::vector<std::string> made;
  const auto make = [&](const weights::ModelConfig& config, const WeightSource& source,
                        const DecoderOptions& options) {
    made.push_back(config.name + " on " + options.device);
    EXPECT_EQ(source.load("model.norm.weight").width(), config.width);
    return std::make_shared<Stub>();
  };
  install_decoder_guest(make, {"cuda:0"});
  EXPECT_THAT(guest_devices(), ElementsAre("cuda:0"));
  EXPECT_THAT(current_environment().devices, ElementsAre("cpu", "cuda:0"));
  const PackedBatch batch = test::random_batch({3}, 50);
  const Decoder elsewhere = test::small_decoder({.device = "cuda:0"});
  EXPECT_EQ(elsewhere.forward(batch, nullptr, {.layers = 1}).values()[0], 1);
  EXPECT_EQ(elsewhere.hidden_states(batch).front().values()[0], 8);
  EXPECT_EQ(elsewhere.project(test::filled(1, 24, 0)).values()[0], 9);
  EXPECT_GT(elsewhere.logit_rows_at_once(1), 0);
  EXPECT_EQ(elsewhere.products(), ProductType::float32);
  EXPECT_EQ(test::small_decoder().forward(batch).rows(), 3) << "by our kernels";
  EXPECT_THAT(made, ElementsAre("small on cuda:0"));
}

TEST_F(DecoderGuestTest, IsGivenNoBadBatches) {
  install_decoder_guest([](const auto&, const auto&, const auto&) { return std::make_shared<Stub>(); }, {});
  const Decoder decoder = test::small_decoder({.fused = false});
  EXPECT_THROW(decoder.forward({{50}, {0, 1}}), InputError);
  EXPECT_THROW(decoder.hidden_states({{50}, {0, 1}}), InputError);
}

}  // namespace
}  // namespace conceptune::model
