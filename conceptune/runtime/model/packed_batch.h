// A batch of sequences laid end to end: no padding exists, so none is ever computed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace conceptune::model {

/// Tokens that continue the first `prefix` tokens of a sequence in another way than the sequence itself. They
/// lie at its end, see that prefix and those of themselves that come before, and are seen by no other token:
/// a second ending costs its own tokens alone.
struct Branch {
  std::int32_t
      begin;  // index of the first in PackedBatch::tokens; the last is before the next branch or sequence
  std::int32_t prefix;  // at least 1
};

/// Which keys a token sees, counted within its sequence: those before prefix_N, and those from own_N to
/// itself.
struct Visibility {
  std::vector<std::int32_t> prefix_N, own_N;  // both empty: all keys up to itself
};

/// Sequences end to end. Positions restart at 0 in each; attention is causal within each.
struct PackedBatch {
  std::vector<std::int32_t> tokens;        // of all sequences, N in all
  std::vector<std::int32_t> starts = {0};  // where each sequence begins, then N: S + 1 entries
  std::vector<Branch> branches = {};       // in order; a sequence's length counts its branches

  std::int64_t size() const { return static_cast<std::int64_t>(tokens.size()); }
  std::int64_t sequences() const { return static_cast<std::int64_t>(starts.size()) - 1; }
  std::int64_t length(std::int64_t sequence) const { return starts[sequence + 1] - starts[sequence]; }

  /// Adds one sequence at the end.
  void append(std::span<const std::int32_t> sequence);
  /// Adds a branch to the last sequence, of which `prefix` tokens come before it.
  void append_branch(std::int32_t prefix, std::span<const std::int32_t> branch);
  /// Position of every token in its text: within its sequence, or behind its branch's prefix.
  std::vector<std::int32_t> positions() const;
  /// Empty without branches.
  Visibility visibility() const;
};

/// Throws InputError unless `batch` has at least one token, starts that rise from 0 to N without an empty
/// sequence, branches of at least one token behind prefixes of their sequences, and every token id in
/// [0, vocabulary).
void check_batch(const PackedBatch& batch, std::int64_t vocabulary);

}  // namespace conceptune::model
