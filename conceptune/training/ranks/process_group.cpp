#include "conceptune/training/ranks/process_group.h"

#include <fmt/format.h>
#include <gloo/allreduce.h>
#include <gloo/broadcast.h>
#include <gloo/math.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/store.h>
#include <gloo/transport/tcp/device.h>

#include <cstdlib>

#include "conceptune/training/ranks/rank_store.h"

namespace conceptune::training {
namespace {

std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

/// Gloo's view of the store.
class GlooStore : public gloo::rendezvous::Store {
 public:
  GlooStore(RankStore& store, std::chrono::milliseconds timeout) : store_(store), timeout_(timeout) {}

  void set(const std::string& key, const std::vector<char>& data) override {
    store_.set(key, {data.begin(), data.end()});
  }
  std::vector<char> get(const std::string& key) override {
    const std::string value = store_.get(key, timeout_);
    return {value.begin(), value.end()};
  }
  void wait(const std::vector<std::string>& keys) override { wait(keys, timeout_); }
  void wait(const std::vector<std::string>& keys, const std::chrono::milliseconds& timeout) override {
    for (const auto& key : keys) store_.get(key, timeout);
  }

 private:
  RankStore& store_;
  std::chrono::milliseconds timeout_;
};

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

std::shared_ptr<gloo::transport::Device> make_device(const RankSettings& settings) {
  gloo::transport::tcp::attr where;
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface && *interface)
    where.iface = interface;
  else if (is_loopback(settings.address))
    where.hostname = settings.address;
  return gloo::transport::tcp::CreateDevice(where);
}

class GlooRanks : public Ranks {
 public:
  explicit GlooRanks(const RankSettings& settings)
      : settings_(settings), store_(settings), device_(make_device(settings)) {
    const auto context = std::make_shared<gloo::rendezvous::Context>(static_cast<int>(settings.rank),
                                                                     static_cast<int>(settings.size));
    context->setTimeout(settings.timeout);
    GlooStore view(store_, settings.timeout);
    context->connectFullMesh(view, device_);
    context_ = context;
  }

  std::int64_t rank() const override { return settings_.rank; }
  std::int64_t size() const override { return settings_.size; }

  void sum(std::span<float> numbers) override { all_reduce(numbers); }
  void sum(std::span<double> numbers) override { all_reduce(numbers); }

  void copy_from_first(std::span<std::byte> bytes) override {
    if (bytes.empty()) return;
    guarded([&] {
      gloo::BroadcastOptions options(context_);
      options.setOutput(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
      options.setRoot(0);
      options.setTag(next_tag_++);
      gloo::broadcast(options);
    });
  }

 private:
  template <class Number>
  void all_reduce(std::span<Number> numbers) {
    if (numbers.empty()) return;
    guarded([&] {
      gloo::AllreduceOptions options(context_);
      options.setOutput(numbers.data(), numbers.size());
      options.setReduceFunction(
          static_cast<void (*)(void*, const void*, const void*, std::size_t)>(&gloo::sum<Number>));
      options.setTag(next_tag_++);
      gloo::allreduce(options);
    });
  }

  template <class Collective>
  void guarded(const Collective& collective) {
    try {
      collective();
    } catch (const std::exception& error) {
      throw LostRank("training", fmt::format("rank {} of {}", settings_.rank, settings_.size),
                     fmt::format("another rank ended, or did not answer within {} s ({})",
                                 settings_.timeout.count(), first_line(error)));
    }
  }

  RankSettings settings_;
  RankStore store_;
  std::shared_ptr<gloo::transport::Device> device_;
  std::shared_ptr<gloo::Context> context_;
  std::uint32_t next_tag_ = 0;
};

}  // namespace

std::unique_ptr<Ranks> connect_ranks(const RankSettings& settings) {
  try {
    return std::make_unique<GlooRanks>(settings);
  } catch (const std::exception& error) {
    throw SystemError(
        "connecting the ranks",
        fmt::format("rank {} of {} at {}:{}", settings.rank, settings.size, settings.address, settings.port),
        fmt::format("they did not meet within {} s ({})", settings.timeout.count(), first_line(error)));
  }
}

}  // namespace conceptune::training
