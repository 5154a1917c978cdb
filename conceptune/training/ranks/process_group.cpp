#include "conceptune/training/ranks/process_group.h"

#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <cstdlib>

#include "conceptune/torch_pch.h"

namespace conceptune::training {
namespace {

using StorePointer = c10::intrusive_ptr<c10d::Store>;

std::string first_line(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  const std::string text = torch_error ? torch_error->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

StorePointer make_store(const RankSettings& settings) {
  c10d::TCPStoreOptions options;
  options.port = settings.port;
  options.isServer = settings.rank == 0;
  options.numWorkers = static_cast<std::size_t>(settings.size);
  options.timeout = settings.timeout;
  return c10::make_intrusive<c10d::PrefixStore>(
      "conceptune", c10::make_intrusive<c10d::TCPStore>(settings.address, options));
}

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

auto make_gloo_device(const RankSettings& settings) {
  using c10d::ProcessGroupGloo;
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface && *interface) return ProcessGroupGloo::createDeviceForInterface(interface);
  return is_loopback(settings.address) ? ProcessGroupGloo::createDeviceForHostname(settings.address)
                                       : ProcessGroupGloo::createDefaultDevice();
}

c10::intrusive_ptr<c10d::ProcessGroupGloo> make_gloo(const StorePointer& store,
                                                     const RankSettings& settings) {
  const auto options = c10d::ProcessGroupGloo::Options::create(settings.timeout);
  options->devices.push_back(make_gloo_device(settings));
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, static_cast<int>(settings.rank),
                                                     static_cast<int>(settings.size), options);
}

#ifdef USE_C10D_NCCL
/// NCCL for CUDA tensors.
class DeviceGroup {
 public:
  DeviceGroup(const StorePointer& store, const RankSettings& settings, c10d::ProcessGroupGloo&) {
    const auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = settings.timeout;
    nccl_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>("nccl", store),
                                                        static_cast<int>(settings.rank),
                                                        static_cast<int>(settings.size), options);
  }
  template <class Collective>
  void run(at::Tensor& tensor, Collective&& collective) {
    collective(*nccl_, tensor);
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> nccl_;
};
#else
/// Gloo for CUDA tensors, by way of the CPU.
class DeviceGroup {
 public:
  DeviceGroup(const StorePointer&, const RankSettings&, c10d::ProcessGroupGloo& gloo) : gloo_(gloo) {}
  template <class Collective>
  void run(at::Tensor& tensor, Collective&& collective) {
    at::Tensor copy = tensor.cpu();
    collective(gloo_, copy);
    tensor.copy_(copy);
  }

 private:
  c10d::ProcessGroupGloo& gloo_;
};
#endif

class ProcessGroupRanks : public Ranks {
 public:
  explicit ProcessGroupRanks(const RankSettings& settings)
      : settings_(settings), store_(make_store(settings)), gloo_(make_gloo(store_, settings)) {}

  std::int64_t rank() const override { return settings_.rank; }
  std::int64_t size() const override { return settings_.size; }

  void sum(at::Tensor& tensor) override {
    run(tensor, [](auto& group, at::Tensor& values) {
      std::vector<at::Tensor> tensors = {values};
      group.allreduce(tensors)->wait();
    });
  }

  void copy_from_first(at::Tensor& tensor) override {
    run(tensor, [](auto& group, at::Tensor& values) {
      std::vector<at::Tensor> tensors = {values};
      group.broadcast(tensors)->wait();
    });
  }

 private:
  template <class Collective>
  void run(at::Tensor& tensor, Collective&& collective) {
    const at::NoGradGuard no_autograd;
    try {
      if (tensor.device().is_cpu()) return collective(*gloo_, tensor);
      if (!device_group_) device_group_ = std::make_unique<DeviceGroup>(store_, settings_, *gloo_);
      device_group_->run(tensor, collective);
    } catch (const std::exception& error) {
      throw LostRank("training", fmt::format("rank {} of {}", settings_.rank, settings_.size),
                     fmt::format("another rank ended, or did not answer within {} s ({})",
                                 settings_.timeout.count(), first_line(error)));
    }
  }

  RankSettings settings_;
  StorePointer store_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;
  std::unique_ptr<DeviceGroup> device_group_;  // made at the first tensor of a device
};

}  // namespace

std::unique_ptr<Ranks> connect_ranks(const RankSettings& settings) {
  try {
    return std::make_unique<ProcessGroupRanks>(settings);
  } catch (const std::exception& error) {
    throw SystemError(
        "connecting the ranks",
        fmt::format("rank {} of {} at {}:{}", settings.rank, settings.size, settings.address, settings.port),
        fmt::format("they did not meet within {} s ({})", settings.timeout.count(), first_line(error)));
  }
}

}  // namespace conceptune::training
