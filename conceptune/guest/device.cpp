#include "conceptune/guest/device.h"

#include <fmt/format.h>
#include <torch/cuda.h>

#include "conceptune/base/error.h"

namespace conceptune::guest {
namespace {

constexpr std::string_view kDoing = "loading the model";

at::Device parse(const std::string& name) {
  try {
    if (const at::Device device(name); device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {
  }
  throw InputError(kDoing, "device", fmt::format("'{}' is not a device, expected cpu or cuda", name));
}

}  // namespace

at::Device device_named(const std::string& name) {
  const at::Device device = parse(name);
  if (device.is_cpu()) return device;
  const auto gpus = static_cast<std::int64_t>(torch::cuda::device_count());
  const std::int64_t index = device.has_index() ? device.index() : 0;
  if (index >= gpus)
    throw InputError(kDoing, "device",
                     fmt::format("'{}' is not there, found {} GPUs that this libtorch can use", name, gpus));
  return {at::kCUDA, static_cast<at::DeviceIndex>(index)};
}

}  // namespace conceptune::guest
