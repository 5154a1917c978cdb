#include "conceptune/concepts/substitution.h"

#include <cmath>

namespace conceptune::concepts {
namespace {

double dot(const float* a, const float* b, std::int64_t size) {
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace

SharedTexts::SharedTexts(const model::Decoder& decoder, std::span<const std::vector<std::int32_t>> texts)
    : decoder_(decoder), cache_(decoder) {
  for (const auto& text : texts) texts_.append(text);
  states_ND_ = decoder.forward(texts_, nullptr, {.memory = &cache_});
}

std::span<const std::int32_t> SharedTexts::ids(std::int32_t text) const {
  return std::span(texts_.tokens)
      .subspan(static_cast<std::size_t>(texts_.starts[static_cast<std::size_t>(text)]),
               static_cast<std::size_t>(texts_.length(text)));
}

std::int64_t SharedTexts::row(std::int32_t text, std::int32_t position) const {
  return texts_.starts[static_cast<std::size_t>(text)] + position;
}

SubstitutedStates SharedTexts::substitute(std::span<const Substitute> substitutes) {
  SubstitutedStates states{model::Matrix(0, states_ND_.width()), {0}};
  if (substitutes.empty()) return states;
  model::PackedBatch batch;
  std::vector<generation::Continuation> continuations;
  std::vector<std::int32_t> numbers;
  for (const auto& one : substitutes) {
    batch.append(one.ids);
    numbers.push_back(static_cast<std::int32_t>(numbers.size()));
    continuations.push_back({.prefix = one.text,
                             .prefix_tokens = one.position,
                             .capacity = static_cast<std::int64_t>(one.ids.size())});
  }
  cache_.begin_continuations(std::move(continuations));
  cache_.select(std::move(numbers));
  states.states_MD = decoder_.forward(batch, nullptr, {.memory = &cache_});
  states.starts = std::move(batch.starts);
  return states;
}

double cosine(const float* a, const float* b, std::int64_t size) {
  return dot(a, b, size) / std::sqrt(dot(a, a, size) * dot(b, b, size));
}

}  // namespace conceptune::concepts
