#include "conceptune/training/models/activation_budget.h"

#include <algorithm>
#include <limits>

#include "conceptune/base/memory.h"
#include "conceptune/training/objective/objective.h"

namespace conceptune::training {

std::int64_t allowed_memory(const MemoryOptions& options) {
  return options.bytes > 0 ? options.bytes : available_memory() / 5 * 4;
}

std::int64_t activation_budget(const model::Decoder& decoder, const MemoryOptions& options) {
  if (options.recompute == Recompute::on) return 0;
  if (options.recompute == Recompute::off) return std::numeric_limits<std::int64_t>::max();
  const std::int64_t free = allowed_memory(options) - (options.bytes > 0 ? resident_memory() : 0);
  const std::int64_t rows = decoder.logit_rows_at_once(kChunkElements);
  const std::int64_t logits = rows * decoder.config().vocabulary * static_cast<std::int64_t>(sizeof(float));
  return std::max<std::int64_t>(0, free - logits);
}

}  // namespace conceptune::training
