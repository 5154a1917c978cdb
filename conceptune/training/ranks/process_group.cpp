#include "conceptune/training/ranks/process_group.h"

#include <fmt/format.h>
#include <gloo/allreduce.h>
#include <gloo/broadcast.h>
#include <gloo/math.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/store.h>
#include <gloo/transport/tcp/device.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/training/ranks/loss_watch.h"
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

/// Gloo writes to its sockets without MSG_NOSIGNAL: a rank that writes to one that just died would be killed
/// by SIGPIPE, without a checkpoint and without a word. A handler of the caller's own is kept.
void survive_broken_pipes() {
  struct sigaction present {};
  if (::sigaction(SIGPIPE, nullptr, &present) == 0 && present.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
}

/// sum = a + b, of bfloat16 numbers; as Gloo calls it, sum may be a or b.
void add_rounded(void* sum, const void* a, const void* b, std::size_t count) {
  constexpr std::size_t kAtATime = 1024;
  const auto& kernels = kernels::conversion_kernels();
  std::array<float, kAtATime> wide_a, wide_b;
  for (std::size_t begin = 0; begin < count; begin += kAtATime) {
    const auto size = static_cast<std::int64_t>(std::min(kAtATime, count - begin));
    kernels.from_bf16(static_cast<const kernels::Bf16*>(a) + begin, size, wide_a.data());
    kernels.from_bf16(static_cast<const kernels::Bf16*>(b) + begin, size, wide_b.data());
    for (std::int64_t i = 0; i < size; ++i)
      wide_a[static_cast<std::size_t>(i)] += wide_b[static_cast<std::size_t>(i)];
    kernels.to_bf16(wide_a.data(), size, static_cast<kernels::Bf16*>(sum) + begin);
  }
}

class GlooRanks : public Ranks {
 public:
  explicit GlooRanks(const RankSettings& settings)
      : settings_(settings), store_(settings), watch_(store_), device_(make_device(settings)) {
    survive_broken_pipes();
    const auto context = std::make_shared<gloo::rendezvous::Context>(static_cast<int>(settings.rank),
                                                                     static_cast<int>(settings.size));
    context->setTimeout(settings.timeout);
    GlooStore view(store_, settings.timeout);
    context->connectFullMesh(view, device_);
    context_ = context;
  }

  std::int64_t rank() const override { return settings_.rank; }
  std::int64_t size() const override { return settings_.size; }

  void sum(std::span<float> numbers) override { all_reduce(numbers, &gloo::sum<float>); }
  void sum(std::span<double> numbers) override { all_reduce(numbers, &gloo::sum<double>); }

  void sum_rounded(std::span<float> numbers) override {
    if (size() == 1) return;
    const auto count = static_cast<std::int64_t>(numbers.size());
    rounded_.resize(numbers.size());
    kernels::conversion_kernels().to_bf16(numbers.data(), count, rounded_.data());
    all_reduce(std::span(rounded_), &add_rounded);
    kernels::conversion_kernels().from_bf16(rounded_.data(), count, numbers.data());
  }

  void copy_from_first(std::span<std::byte> bytes) override {
    if (bytes.empty()) return;
    gloo::BroadcastOptions options(context_);
    options.setRoot(0);
    exchange(std::span(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()), options,
             [&] { gloo::broadcast(options); });
  }

 private:
  template <class Number>
  void all_reduce(std::span<Number> numbers, void (*add)(void*, const void*, const void*, std::size_t)) {
    if (numbers.empty()) return;
    gloo::AllreduceOptions options(context_);
    options.setReduceFunction(add);
    exchange(numbers, options, [&] { gloo::allreduce(options); });
  }

  /// Gives the options their output and tag and calls the collective that they are of.
  template <class Number, class Options, class Collective>
  void exchange(std::span<Number> numbers, Options& options, const Collective& collective) {
    bool is_broken = false;
    try {
      auto buffer = context_->createUnboundBuffer(numbers.data(), numbers.size_bytes());
      auto& sent_from = *buffer;
      options.template setOutput<Number>(std::move(buffer));
      options.setTag(next_tag_++);
      const LossWatch::Exchange watched(watch_, sent_from);
      collective();
      is_broken = watched.was_broken();
    } catch (const std::exception& error) {
      fail(first_line(error));
    }
    if (is_broken) fail("it left while this one sent to it");
  }

  [[noreturn]] void fail(const std::string& how) const {
    throw LostRank("training", fmt::format("rank {} of {}", settings_.rank, settings_.size),
                   fmt::format("another rank ended, or did not answer within {} s ({})",
                               settings_.timeout.count(), how));
  }

  RankSettings settings_;
  RankStore store_;
  LossWatch watch_;
  std::shared_ptr<gloo::transport::Device> device_;
  std::shared_ptr<gloo::Context> context_;
  std::uint32_t next_tag_ = 0;
  std::vector<kernels::Bf16> rounded_;
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
