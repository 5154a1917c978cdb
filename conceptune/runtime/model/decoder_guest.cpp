#include "conceptune/runtime/model/decoder_guest.h"

#include <fmt/format.h>

#include <utility>

#include "conceptune/base/error.h"

namespace conceptune::model {
namespace {

struct Installed {
  MakeDecoderGuest make;
  std::vector<std::string> devices;
};

Installed& installed() {
  static Installed guest;
  return guest;
}

}  // namespace

void install_decoder_guest(MakeDecoderGuest make, std::vector<std::string> devices) {
  installed() = {std::move(make), std::move(devices)};
}

std::vector<std::string> guest_devices() { return installed().devices; }

bool runs_by_kernels(const DecoderOptions& options) { return options.device == "cpu" && options.fused; }

void check_runnable(const DecoderOptions& options) {
  if (runs_by_kernels(options) || installed().make) return;
  const bool is_device = options.device != "cpu";
  throw InputError("loading the model", is_device ? "device" : "fused",
                   fmt::format("is {}, which needs libtorch: this program was built without it "
                               "(cmake -DCONCEPTUNE_TORCH=ON)",
                               is_device ? fmt::format("'{}'", options.device) : "false"));
}

std::shared_ptr<const DecoderGuest> make_decoder_guest(const weights::ModelConfig& config,
                                                       const WeightSource& source,
                                                       const DecoderOptions& options) {
  check_runnable(options);
  return installed().make(config, source, options);
}

}  // namespace conceptune::model
