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
// Content words among tokens, and the synonyms of each.
constexpr double kContentShare = 0.28;
constexpr int kSynonyms = 4;

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
  FirstLayers(const std::shared_ptr<const weights::WeightStore>& store, const PassRequest& request,
              std::int64_t layers, std::int64_t tokens)
      : decoder_(model::Decoder::of_first_layers(store, layers, request.decoder)),
        model_(decoder_, std::make_shared<model::LoraAdapter>(decoder_.config(), request.lora, 1), ""),
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

/// `busy` is the share of the processor that other programs leave.
model::MachineRate rate_of(double flop, const PassSeconds& one, const PassSeconds& more, std::int64_t further,
                           std::int64_t layers, double busy) {
  const double now = flop / seconds_of_all(one.usual, more.usual, further, layers);
  return {std::max(flop / seconds_of_all(one.best, more.best, further, layers), now / busy), now};
}

}  // namespace

PassRates measure_passes(const std::shared_ptr<const weights::WeightStore>& store,
                         const PassRequest& request) {
  const auto& config = store->config();
  const auto products = model::measure_machine(config, request.decoder.type);
  const double left = std::clamp(products.now / products.idle, 0.01, 1.0);
  const TokenCost cost = forward_cost(config);
  const std::int64_t further = std::min(kMoreLayers, config.layers - 1);
  const double of_layers =
      cost.layers_flop * static_cast<double>(1 + further) / static_cast<double>(config.layers);
  const auto largest = static_cast<std::int64_t>(kLargestPass / (of_layers + cost.head_flop));
  const auto tokens_of = [&](std::int64_t wanted) {
    return std::clamp(std::min(wanted, largest), kFewestTokens, kMostTokens);
  };
  const auto measure = [&](PassRequest asked, std::int64_t tokens, PassSeconds (FirstLayers::*pass)(),
                           double flop) {
    asked.decoder.device = model::DecoderOptions{}.device;
    asked.decoder.fused = true;
    FirstLayers one(store, asked, 1, tokens);
    const PassSeconds short_pass = (one.*pass)();
    FirstLayers more(store, asked, 1 + further, tokens);
    return rate_of(flop * static_cast<double>(tokens), short_pass, (more.*pass)(), further, config.layers,
                   left);
  };
  const double flop = cost.layers_flop + cost.head_flop;
  PassRequest update = request, evaluation = request;
  update.decoder = model::for_training(request.decoder);
  if (stored_bytes(*store) > kSmallModel) evaluation.decoder.memory = model::WeightMemory::compact;
  return {measure(evaluation, tokens_of(kMostTokens), &FirstLayers::forward, flop),
          measure(update, tokens_of(request.tokens), &FirstLayers::training, 2 * flop)};
}

}  // namespace conceptune::experiment
