#include "conceptune/experiment/pass_rates.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/experiment/estimate.h"
#include "conceptune/experiment/memory_estimate.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/training/models/lora_trainable.h"
#include "conceptune/training/models/passes.h"

namespace conceptune::experiment {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMoreLayers = 4;  // beside one
constexpr int kFewest = 2, kMost = 15;   // passes timed
constexpr double kEnoughSeconds = 0.4;   // for one kind of pass
constexpr std::int64_t kFewestTokens = 64, kMostTokens = 1024, kPassageTokens = 256;
constexpr double kLargestPass = 1e11;  // FLOP
constexpr double kSmallModel = 2e9;    // bytes: a larger one is not expanded to be measured
constexpr int kSynonyms = 4;           // of a content word

/// Of one pass: undisturbed, and as the machine is now.
struct PassSeconds {
  double best = 0, usual = 0;
};

template <class Run>
PassSeconds time_passes(const Run& run) {
  run();  // the first one makes what is kept for the shape
  std::vector<double> seconds;
  double all = 0;
  do {
    const auto begin = Clock::now();
    run();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    all += seconds.back();
  } while (seconds.size() < kFewest || (all < kEnoughSeconds && seconds.size() < kMost));
  std::ranges::sort(seconds);
  return {seconds.front(), seconds[seconds.size() / 2]};
}

std::vector<training::TrainingPassage> random_passages(std::int64_t tokens, std::int64_t vocabulary) {
  Random random(0);
  const auto token = [&] {
    return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(vocabulary)));
  };
  std::vector<training::TrainingPassage> passages;
  for (; tokens > 0; tokens -= kPassageTokens) {
    auto& passage = passages.emplace_back();
    const auto length = static_cast<std::int32_t>(std::clamp<std::int64_t>(tokens, 2, kPassageTokens));
    for (std::int32_t i = 0; i < length; ++i) {
      passage.tokens.push_back(token());
      if (i == 0 || random.uniform() >= kContentShare) continue;
      auto& word = passage.words.emplace_back(training::PassageWord{i, {{passage.tokens.back()}}});
      for (int k = 0; k < kSynonyms; ++k) word.tokens.push_back({token()});
    }
  }
  return passages;
}

/// Passes through the first layers of a model.
class FirstLayers {
 public:
  FirstLayers(const std::shared_ptr<const weights::WeightStore>& store, const model::DecoderOptions& options,
              const model::LoraOptions& lora, std::int64_t layers, std::int64_t tokens)
      : decoder_(model::Decoder::of_first_layers(store, layers, options)),
        model_(decoder_, std::make_shared<model::LoraAdapter>(decoder_.config(), lora, 1), ""),
        passages_(random_passages(tokens, decoder_.config().vocabulary)) {
    for (const auto& parameter : model_.parameters())
      gradient_.resize(gradient_.size() + static_cast<std::size_t>(parameter.matrix.size()));
    for (std::size_t i = 0; i < passages_.size(); ++i) all_.push_back(i);
  }

  PassSeconds forward() {
    return time_passes([&] { training::evaluate_passages(model_, passages_, objective_); });
  }
  PassSeconds training() {
    return time_passes(
        [&] { training::accumulate_gradients(model_, passages_, {all_}, objective_, {}, gradient_); });
  }

 private:
  model::Decoder decoder_;
  training::LoraTrainable model_;
  std::vector<training::TrainingPassage> passages_;
  training::Batch all_;
  training::ObjectiveOptions objective_;
  std::vector<float> gradient_;
};

/// Of a pass through all layers, where one and `further` more were timed.
double seconds_of_all(double one, double more, std::int64_t further, std::int64_t layers) {
  if (further == 0) return one;
  const double of_layer = (more - one) / static_cast<double>(further);
  // A disturbed measurement may make a layer cost nothing; then all of the time counts as the layers'.
  if (of_layer <= 0) return more * static_cast<double>(layers) / static_cast<double>(1 + further);
  return one + of_layer * static_cast<double>(layers - 1);
}

/// `pass` counts `forwards` times the FLOP of a forward pass.
model::MachineRate rate_of(const std::shared_ptr<const weights::WeightStore>& store,
                           model::DecoderOptions options, const model::LoraOptions& lora, std::int64_t wanted,
                           PassSeconds (FirstLayers::*pass)(), int forwards, double left) {
  options.device = model::DecoderOptions{}.device;
  options.fused = true;
  const std::int64_t layers = store->config().layers, further = std::min(kMoreLayers, layers - 1);
  const TokenCost cost = forward_cost(store->config());
  const double of_layers = cost.layers_flop * static_cast<double>(1 + further) / static_cast<double>(layers);
  const auto largest = static_cast<std::int64_t>(kLargestPass / (of_layers + cost.head_flop));
  const std::int64_t tokens = std::clamp(std::min(wanted, largest), kFewestTokens, kMostTokens);
  const auto time = [&](std::int64_t first) {
    return (FirstLayers(store, options, lora, first, tokens).*pass)();
  };
  const PassSeconds one = time(1), more = time(1 + further);
  const double flop = forwards * static_cast<double>(tokens) * (cost.layers_flop + cost.head_flop);
  const double now = flop / seconds_of_all(one.usual, more.usual, further, layers);
  return {std::max(flop / seconds_of_all(one.best, more.best, further, layers), now / left), now};
}

}  // namespace

double share_left(const weights::ModelConfig& config) {
  const auto products = model::measure_machine(config, model::DataType::float32);
  return std::clamp(products.now / products.idle, 0.01, 1.0);
}

model::MachineRate forward_rate(const std::shared_ptr<const weights::WeightStore>& store,
                                const model::DecoderOptions& options, double left) {
  model::DecoderOptions measured = options;
  if (stored_bytes(*store) > kSmallModel) measured.memory = model::WeightMemory::compact;
  return rate_of(store, measured, {}, kMostTokens, &FirstLayers::forward, 1, left);
}

model::MachineRate training_rate(const std::shared_ptr<const weights::WeightStore>& store,
                                 const model::DecoderOptions& options, const model::LoraOptions& lora,
                                 std::int64_t tokens, double left) {
  return rate_of(store, model::for_training(options), lora, tokens, &FirstLayers::training, 2, left);
}

}  // namespace conceptune::experiment
