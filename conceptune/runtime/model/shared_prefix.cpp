#include "conceptune/runtime/model/shared_prefix.h"

#include <algorithm>

namespace conceptune::model {
namespace {

/// A sequence of no more tokens is attended to in one piece, whatever is hidden in it.
constexpr std::int64_t kAttendedAtOnce = 64;

/// The last sequence's tokens before its branches.
std::span<const std::int32_t> last_trunk(const PackedBatch& batch) {
  if (batch.sequences() == 0) return {};
  const std::int32_t begin = batch.starts[batch.sequences() - 1];
  const auto branch = std::partition_point(batch.branches.begin(), batch.branches.end(),
                                           [&](const Branch& b) { return b.begin < begin; });
  const std::int32_t end = branch == batch.branches.end() ? batch.starts.back() : branch->begin;
  return std::span(batch.tokens).subspan(begin, end - begin);
}

}  // namespace

TextRows append_sharing(PackedBatch& batch, std::span<const std::int32_t> text) {
  const std::span<const std::int32_t> trunk = last_trunk(batch);
  const auto shared = static_cast<std::int64_t>(
      std::mismatch(trunk.begin(), trunk.end(), text.begin(), text.end()).first - trunk.begin());
  const std::int64_t own = std::ssize(text) - shared;
  const bool fits = shared > 0 && batch.length(batch.sequences() - 1) + own <= kAttendedAtOnce;
  const std::int64_t begin = batch.size();
  if (shared == 0 || (!fits && shared < own)) {
    batch.append(text);
    return {.shared_begin = begin, .shared = 0, .own_begin = begin};
  }
  if (own > 0) batch.append_branch(static_cast<std::int32_t>(shared), text.subspan(shared));
  return {.shared_begin = batch.starts[batch.sequences() - 1], .shared = shared, .own_begin = begin};
}

}  // namespace conceptune::model
