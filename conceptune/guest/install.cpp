#include "conceptune/guest/install.h"

#include <fmt/format.h>
#include <torch/cuda.h>

#include "conceptune/guest/full_trainable.h"
#include "conceptune/guest/lora_trainable.h"
#include "conceptune/guest/torch_decoder.h"
#include "conceptune/guest/torch_pch.h"
#include "conceptune/runtime/model/decoder_guest.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "conceptune/training/models/guest_trainables.h"

namespace conceptune::guest {
namespace {

std::unique_ptr<training::Trainable> make_adapter(const std::filesystem::path& base,
                                                  const model::DecoderOptions& options,
                                                  std::shared_ptr<model::LoraAdapter> adapter,
                                                  const std::string& base_name) {
  const auto store = weights::WeightStore::open(base);
  const model::WeightSource source = {[store](std::string_view name) { return store->load(name); }};
  return std::make_unique<TorchLoraTrainable>(torch_decoder_of(store->config(), source, options),
                                              std::move(adapter), base_name);
}

std::unique_ptr<training::Trainable> make_all_weights(const std::filesystem::path& base,
                                                      const model::DecoderOptions& options) {
  return std::make_unique<FullTrainable>(base, options);
}

}  // namespace

void install() {
  std::vector<std::string> devices;
  for (int i = 0; i < static_cast<int>(torch::cuda::device_count()); ++i)
    devices.push_back(fmt::format("cuda:{}", i));
  model::install_decoder_guest(make_torch_guest, std::move(devices));
  training::install_guest_trainables({make_adapter, make_all_weights});
}

}  // namespace conceptune::guest
