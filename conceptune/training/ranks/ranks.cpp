#include "conceptune/training/ranks/ranks.h"

#include <fmt/format.h>

#include "conceptune/base/hash.h"

namespace conceptune::training {
namespace {

std::span<std::byte> bytes_of(const model::Matrix& matrix) {
  return std::as_writable_bytes(std::span(matrix.values(), static_cast<std::size_t>(matrix.size())));
}

std::string hash_of(const std::vector<model::Matrix>& matrices) {
  Sha256 hash;
  for (const auto& matrix : matrices) {
    const auto bytes = bytes_of(matrix);
    hash.update({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  return hash.hex();
}

/// Calls visit(value) for each number of the totals, in a fixed order.
template <class Visitor>
void visit_totals(PassTotals& totals, double& tokens, Visitor&& visit) {
  ObjectiveSums::visit_sums([&](const char*, double ObjectiveSums::*member) { visit(totals.sums.*member); });
  visit(totals.denominators.next_token);
  visit(totals.denominators.concept_words);
  visit(tokens);
}

}  // namespace

std::vector<bool> any(Ranks& ranks, const std::vector<bool>& flags) {
  if (ranks.size() == 1) return flags;
  std::vector<double> counts(flags.begin(), flags.end());
  ranks.sum(counts);
  std::vector<bool> set;
  set.reserve(counts.size());
  for (const double count : counts) set.push_back(count > 0);
  return set;
}

std::string text_of_first(Ranks& ranks, std::string text) {
  std::uint64_t length = text.size();
  ranks.copy_from_first(std::as_writable_bytes(std::span(&length, 1)));
  text.resize(length);
  if (!text.empty()) ranks.copy_from_first(std::as_writable_bytes(std::span(text)));
  return text;
}

PassTotals sum_totals(Ranks& ranks, const PassTotals& totals) {
  if (ranks.size() == 1) return totals;
  PassTotals summed = totals;
  auto tokens = static_cast<double>(totals.tokens);  // exact below 2^53
  std::vector<double> numbers;
  visit_totals(summed, tokens, [&](double& value) { numbers.push_back(value); });
  ranks.sum(numbers);
  std::size_t i = 0;
  visit_totals(summed, tokens, [&](double& value) { value = numbers[i++]; });
  summed.tokens = static_cast<std::int64_t>(tokens);
  return summed;
}

void copy_from_first(Ranks& ranks, const std::vector<model::Matrix>& matrices) {
  for (const auto& matrix : matrices) ranks.copy_from_first(bytes_of(matrix));
}

void check_equal_bits(Ranks& ranks, const std::vector<model::Matrix>& matrices) {
  if (ranks.size() == 1) return;
  const std::string own = hash_of(matrices);
  const std::string first = text_of_first(ranks, own);
  if (any(ranks, {own != first}).front())
    throw Error(
        fmt::format("training: the ranks' parameters are no longer the same bits (here {:.12}, on rank 0 "
                    "{:.12}): their machines or libraries compute differently",
                    own, first));
}

}  // namespace conceptune::training
