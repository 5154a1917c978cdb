#include "conceptune/runtime/model/packed_batch.h"

#include <fmt/format.h>

#include <numeric>

#include "conceptune/base/error.h"

namespace conceptune::model {

void PackedBatch::append(std::span<const std::int32_t> sequence) {
  tokens.insert(tokens.end(), sequence.begin(), sequence.end());
  starts.push_back(static_cast<std::int32_t>(tokens.size()));
}

std::vector<std::int32_t> PackedBatch::positions() const {
  std::vector<std::int32_t> positions(tokens.size());
  for (std::int64_t s = 0; s < sequences(); ++s)
    std::iota(positions.begin() + starts[s], positions.begin() + starts[s + 1], 0);
  return positions;
}

void check_batch(const PackedBatch& batch, std::int64_t vocabulary) {
  constexpr std::string_view kDoing = "running the model";
  if (batch.tokens.empty()) throw InputError(kDoing, "batch", "has no tokens, expected at least one");
  if (batch.starts.empty() || batch.starts.front() != 0 || batch.starts.back() != batch.size())
    throw InputError(kDoing, "batch", "sequence starts do not run from 0 to the number of tokens");
  for (std::int64_t s = 0; s < batch.sequences(); ++s)
    if (batch.length(s) <= 0)
      throw InputError(kDoing, fmt::format("sequence {} of the batch", s), "is empty, expected tokens");
  for (std::size_t i = 0; i < batch.tokens.size(); ++i)
    if (batch.tokens[i] < 0 || batch.tokens[i] >= vocabulary)
      throw InputError(kDoing, fmt::format("token {} of the batch", i),
                       fmt::format("id is {}, expected 0 to {}", batch.tokens[i], vocabulary - 1));
}

}  // namespace conceptune::model
