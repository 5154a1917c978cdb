#include "conceptune/runtime/model/packed_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "conceptune/base/error.h"

namespace conceptune::model {
namespace {

/// The tokens of branch number `index`, and where its sequence begins.
struct BranchRange {
  std::int32_t sequence_begin, begin, end;
};

BranchRange range_of(const PackedBatch& batch, std::size_t index) {
  const std::int32_t begin = batch.branches[index].begin;
  const auto next_start = std::upper_bound(batch.starts.begin(), batch.starts.end(), begin);
  const std::int32_t next_branch =
      index + 1 < batch.branches.size() ? batch.branches[index + 1].begin : batch.starts.back();
  return {*std::prev(next_start), begin, std::min(next_branch, *next_start)};
}

void check_branches(const PackedBatch& batch, std::string_view doing) {
  std::int32_t sequence_begin = -1, trunk_end = 0;
  for (std::size_t i = 0; i < batch.branches.size(); ++i) {
    const std::string where = fmt::format("branch {} of the batch", i);
    const auto& [begin, prefix] = batch.branches[i];
    if (begin < 0 || begin >= batch.size()) throw InputError(doing, where, "begins outside the batch");
    const BranchRange range = range_of(batch, i);
    if (range.begin >= range.end) throw InputError(doing, where, "is empty or out of order");
    if (range.sequence_begin != sequence_begin) trunk_end = begin;
    sequence_begin = range.sequence_begin;
    if (prefix < 1 || prefix > trunk_end - sequence_begin)
      throw InputError(
          doing, where,
          fmt::format("continues {} tokens, expected 1 to {}", prefix, trunk_end - sequence_begin));
  }
}

}  // namespace

void PackedBatch::append(std::span<const std::int32_t> sequence) {
  tokens.insert(tokens.end(), sequence.begin(), sequence.end());
  starts.push_back(static_cast<std::int32_t>(tokens.size()));
}

void PackedBatch::append_branch(std::int32_t prefix, std::span<const std::int32_t> branch) {
  branches.push_back({static_cast<std::int32_t>(tokens.size()), prefix});
  tokens.insert(tokens.end(), branch.begin(), branch.end());
  starts.back() = static_cast<std::int32_t>(tokens.size());
}

std::vector<std::int32_t> PackedBatch::positions() const {
  std::vector<std::int32_t> positions(tokens.size());
  for (std::int64_t s = 0; s < sequences(); ++s)
    std::iota(positions.begin() + starts[s], positions.begin() + starts[s + 1], 0);
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const BranchRange range = range_of(*this, i);
    std::iota(positions.begin() + range.begin, positions.begin() + range.end, branches[i].prefix);
  }
  return positions;
}

Visibility PackedBatch::visibility() const {
  if (branches.empty()) return {};
  Visibility visibility{std::vector<std::int32_t>(tokens.size()), std::vector<std::int32_t>(tokens.size())};
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const BranchRange range = range_of(*this, i);
    for (std::int32_t token = range.begin; token < range.end; ++token) {
      visibility.prefix_N[token] = branches[i].prefix;
      visibility.own_N[token] = range.begin - range.sequence_begin;
    }
  }
  return visibility;
}

void check_batch(const PackedBatch& batch, std::int64_t vocabulary) {
  constexpr std::string_view kDoing = "running the model";
  if (batch.tokens.empty()) throw InputError(kDoing, "batch", "has no tokens, expected at least one");
  if (batch.starts.empty() || batch.starts.front() != 0 || batch.starts.back() != batch.size())
    throw InputError(kDoing, "batch", "sequence starts do not run from 0 to the number of tokens");
  for (std::int64_t s = 0; s < batch.sequences(); ++s)
    if (batch.length(s) <= 0)
      throw InputError(kDoing, fmt::format("sequence {} of the batch", s), "is empty, expected tokens");
  check_branches(batch, kDoing);
  for (std::size_t i = 0; i < batch.tokens.size(); ++i)
    if (batch.tokens[i] < 0 || batch.tokens[i] >= vocabulary)
      throw InputError(kDoing, fmt::format("token {} of the batch", i),
                       fmt::format("id is {}, expected 0 to {}", batch.tokens[i], vocabulary - 1));
}

}  // namespace conceptune::model
