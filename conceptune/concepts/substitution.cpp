#include "conceptune/concepts/substitution.h"

#include "conceptune/runtime/generation/kv_cache.h"

namespace conceptune::concepts {

SubstitutedStates substitute(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                             std::span<const Substitute> substitutes) {
  generation::KvCache cache(decoder);
  const model::ForwardOptions options = {.memory = &cache};
  model::PackedBatch text;
  text.append(ids);
  SubstitutedStates states;
  states.text_ND = decoder.forward(text, nullptr, options);
  states.substitute_SD = model::Matrix(0, states.text_ND.width());
  if (substitutes.empty()) return states;
  model::PackedBatch batch;
  std::vector<generation::Continuation> continuations;
  std::vector<std::int32_t> numbers;
  for (const auto& one : substitutes) {
    batch.append({&one.id, 1});
    numbers.push_back(static_cast<std::int32_t>(numbers.size()));
    continuations.push_back({.prefix = 0, .prefix_tokens = one.position, .capacity = 1});
  }
  cache.begin_continuations(std::move(continuations));
  cache.select(std::move(numbers));
  states.substitute_SD = decoder.forward(batch, nullptr, options);
  return states;
}

}  // namespace conceptune::concepts
