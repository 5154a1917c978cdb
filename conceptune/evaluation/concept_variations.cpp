// Shapes: D width, W words of a concept.
#include "conceptune/evaluation/concept_variations.h"

#include "conceptune/base/error.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/generation/kv_cache.h"

namespace conceptune::evaluation {
namespace {

ConceptStates states_of(const std::string& id, const at::Tensor& states_WD) {
  const auto as_floats = [](const at::Tensor& vector_D) {
    const at::Tensor values_D = vector_D.to(at::kCPU, at::kFloat).contiguous();
    return std::vector<float>(values_D.data_ptr<float>(), values_D.data_ptr<float>() + values_D.numel());
  };
  const at::Tensor exact_WD = states_WD.to(at::kDouble);
  const at::Tensor centroid_D = exact_WD.mean(0);
  return {.id = id,
          .words = static_cast<int>(states_WD.size(0)),
          .sum_D = as_floats((exact_WD / exact_WD.norm(2, 1, true)).sum(0)),
          .unit_centroid_D = as_floats(centroid_D / centroid_D.norm())};
}

/// Runs the variations [first, last) together and appends their states.
void run_batch(const model::Decoder& decoder, const model::LoraAdapter* adapter,
               std::span<const ConceptVariation> variations, std::vector<ConceptStates>& states) {
  generation::KvCache cache(decoder);
  model::ForwardOptions options;
  options.memory = &cache;
  model::PackedBatch prefixes;
  model::PackedBatch variants;
  std::vector<generation::Continuation> continuations;
  std::vector<std::int32_t> numbers;
  for (std::size_t v = 0; v < variations.size(); ++v) {
    prefixes.append(variations[v].prefix);
    for (const auto& token : variations[v].variants) {
      variants.append({&token, 1});
      numbers.push_back(static_cast<std::int32_t>(continuations.size()));
      continuations.push_back({.prefix = static_cast<std::int32_t>(v),
                               .prefix_tokens = static_cast<std::int64_t>(variations[v].prefix.size()),
                               .capacity = 1});
    }
  }
  decoder.forward(prefixes, adapter, options);
  cache.begin_continuations(std::move(continuations));
  cache.select(std::move(numbers));
  const at::Tensor hidden_ND = decoder.forward(variants, adapter, options);
  std::int64_t row = 0;
  for (const auto& variation : variations) {
    const auto words = static_cast<std::int64_t>(variation.variants.size());
    states.push_back(states_of(variation.id, hidden_ND.narrow(0, row, words)));
    row += words;
  }
}

}  // namespace

std::vector<ConceptVariation> draw_variations(const PreparedPassages& prepared, std::uint64_t seed) {
  std::vector<ConceptVariation> variations;
  for (const auto& passage : prepared.passages) {
    std::vector<const PreparedPassages::Word*> candidates;
    for (const auto& word : passage.words)
      if (word.concept_ids.size() > 1) candidates.push_back(&word);
    if (candidates.empty()) continue;
    const auto& word = *candidates[Random(seed, passage.id).below(candidates.size())];
    variations.push_back(
        {passage.id, {passage.ids.begin(), passage.ids.begin() + word.token}, word.concept_ids});
  }
  return variations;
}

std::vector<ConceptStates> concept_states(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const std::vector<ConceptVariation>& variations,
                                          int tokens_per_batch, ProgressObserver* observer,
                                          std::stop_token stop) {
  const at::NoGradGuard no_grad;
  std::vector<ConceptStates> states;
  Progress progress(observer, "varying concepts", static_cast<std::int64_t>(variations.size()), "concepts");
  for (std::size_t first = 0; first < variations.size();) {
    if (stop.stop_requested()) throw Interrupted("varying concepts: stopped");
    std::size_t last = first;
    std::int64_t tokens = 0;
    do {
      tokens += static_cast<std::int64_t>(variations[last].prefix.size() + variations[last].variants.size());
      ++last;
    } while (last < variations.size() && tokens < tokens_per_batch);
    run_batch(decoder, adapter, std::span(variations).subspan(first, last - first), states);
    progress.add(static_cast<std::int64_t>(last - first));
    first = last;
  }
  return states;
}

}  // namespace conceptune::evaluation
