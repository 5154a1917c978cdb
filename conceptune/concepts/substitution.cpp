#include "conceptune/concepts/substitution.h"

#include <cmath>

#include "conceptune/runtime/generation/kv_cache.h"

namespace conceptune::concepts {
namespace {

double dot(const float* a, const float* b, std::int64_t size) {
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace

SubstitutedStates substitute(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                             std::span<const Substitute> substitutes) {
  generation::KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  model::PackedBatch text;
  text.append(ids);
  SubstitutedStates states;
  states.text_ND = decoder.forward(text, nullptr, options);
  states.substitute_MD = model::Matrix(0, states.text_ND.width());
  states.starts = {0};
  if (substitutes.empty()) return states;
  model::PackedBatch batch;
  std::vector<generation::Continuation> continuations;
  std::vector<std::int32_t> numbers;
  for (const auto& one : substitutes) {
    batch.append(one.ids);
    numbers.push_back(static_cast<std::int32_t>(numbers.size()));
    continuations.push_back(
        {.prefix = 0, .prefix_tokens = one.position, .capacity = static_cast<std::int64_t>(one.ids.size())});
  }
  cache.begin_continuations(std::move(continuations));
  cache.select(std::move(numbers));
  states.substitute_MD = decoder.forward(batch, nullptr, options);
  states.starts = std::move(batch.starts);
  return states;
}

double cosine(const float* a, const float* b, std::int64_t size) {
  return dot(a, b, size) / std::sqrt(dot(a, a, size) * dot(b, b, size));
}

}  // namespace conceptune::concepts
