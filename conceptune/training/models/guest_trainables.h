// Training that our kernels do not serve: adapters elsewhere than on the CPU, and all weights of a model.
// Another library serves it where a program is built with one and installs it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/training/models/trainable.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

struct GuestTrainables {
  /// An adapter on the model in `base`, which is run with these options; `base_name` goes into its folder.
  std::function<std::unique_ptr<Trainable>(
      const std::filesystem::path& base, const model::DecoderOptions& options,
      std::shared_ptr<model::LoraAdapter> adapter, const std::string& base_name)>
      adapter;
  /// All weights of the model in `base`, in float32; of the options the device alone is used.
  std::function<std::unique_ptr<Trainable>(const std::filesystem::path& base,
                                           const model::DecoderOptions& options)>
      all_weights;
};

/// Before anything is trained.
void install_guest_trainables(GuestTrainables guest);

/// What is installed. Throws InputError that says what to build where nothing is.
const GuestTrainables& guest_trainables();

/// Throws InputError for training that nothing here serves.
void check_trainable(Method method, const model::DecoderOptions& options);

}  // namespace conceptune::training
