// A batch of sequences laid end to end: no padding exists, so none is ever computed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace conceptune::model {

/// Sequences end to end. Positions restart at 0 in each; attention is causal within each.
struct PackedBatch {
  std::vector<std::int32_t> tokens;        // of all sequences, N in all
  std::vector<std::int32_t> starts = {0};  // where each sequence begins, then N: S + 1 entries

  std::int64_t size() const { return static_cast<std::int64_t>(tokens.size()); }
  std::int64_t sequences() const { return static_cast<std::int64_t>(starts.size()) - 1; }
  std::int64_t length(std::int64_t sequence) const { return starts[sequence + 1] - starts[sequence]; }

  /// Adds one sequence at the end.
  void append(std::span<const std::int32_t> sequence);
  /// Position of every token within its sequence.
  std::vector<std::int32_t> positions() const;
};

/// Throws InputError unless `batch` has at least one token, starts that rise from 0 to N without an empty
/// sequence, and every token id in [0, vocabulary).
void check_batch(const PackedBatch& batch, std::int64_t vocabulary);

}  // namespace conceptune::model
