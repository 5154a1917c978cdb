#include "conceptune/training/models/guest_trainables.h"

#include <gtest/gtest.h>

#include <string>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

TEST(GuestTrainables, TrainingAllWeightsWithoutOneIsRefusedByOneLineThatSaysWhatToBuild) {
  EXPECT_NO_THROW(check_trainable(Method::lora, {}));
  try {
    check_trainable(Method::full, {});
    FAIL() << "nothing here trains all weights";
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("method: is 'full', which needs libtorch"), std::string::npos) << message;
    EXPECT_NE(message.find("CONCEPTUNE_TORCH=ON"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(GuestTrainables, OtherDevicesWithoutOneAreRefused) {
  EXPECT_THROW(check_trainable(Method::lora, {.device = "cuda"}), InputError);
  EXPECT_THROW(check_trainable(Method::lora, {.device = "abacus"}), InputError);
}

TEST(GuestTrainables, AnInstalledOneServesBoth) {
  const auto serve_none = [](const auto&...) { return std::unique_ptr<Trainable>(); };
  install_guest_trainables({serve_none, serve_none});
  EXPECT_NO_THROW(check_trainable(Method::full, {}));
  EXPECT_EQ(guest_trainables().all_weights("model", {}), nullptr);
  EXPECT_EQ(guest_trainables().adapter("model", {}, nullptr, "model"), nullptr);
  install_guest_trainables({});
  EXPECT_THROW(guest_trainables(), InputError);
}

}  // namespace
}  // namespace conceptune::training
