#include "conceptune/training/ranks/ranks.h"

#include <fmt/format.h>

#include <cstring>

#include "conceptune/base/hash.h"

namespace conceptune::training {
namespace {

std::string hash_of(const std::vector<at::Tensor>& tensors) {
  Sha256 hash;
  for (const auto& tensor : tensors) {
    const at::Tensor values = tensor.detach().to(at::kCPU).contiguous();
    hash.update({static_cast<const char*>(values.data_ptr()), values.nbytes()});
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
  at::Tensor counts = at::empty({static_cast<std::int64_t>(flags.size())}, at::kDouble);
  auto* count = counts.data_ptr<double>();
  for (std::size_t i = 0; i < flags.size(); ++i) count[i] = flags[i] ? 1 : 0;
  ranks.sum(counts);
  std::vector<bool> set;
  for (std::size_t i = 0; i < flags.size(); ++i) set.push_back(count[i] > 0);
  return set;
}

std::string text_of_first(Ranks& ranks, std::string text) {
  at::Tensor length = at::full({1}, static_cast<std::int64_t>(text.size()), at::kLong);
  ranks.copy_from_first(length);
  text.resize(static_cast<std::size_t>(length.item<std::int64_t>()));
  if (text.empty()) return text;
  at::Tensor bytes = at::empty({length.item<std::int64_t>()}, at::kByte);
  std::memcpy(bytes.data_ptr(), text.data(), text.size());
  ranks.copy_from_first(bytes);
  std::memcpy(text.data(), bytes.data_ptr(), text.size());
  return text;
}

PassTotals sum_totals(Ranks& ranks, const PassTotals& totals) {
  if (ranks.size() == 1) return totals;
  PassTotals summed = totals;
  auto tokens = static_cast<double>(totals.tokens);  // exact below 2^53
  std::vector<double> numbers;
  visit_totals(summed, tokens, [&](double& value) { numbers.push_back(value); });
  at::Tensor tensor = at::from_blob(numbers.data(), {static_cast<std::int64_t>(numbers.size())}, at::kDouble);
  ranks.sum(tensor);
  std::size_t i = 0;
  visit_totals(summed, tokens, [&](double& value) { value = numbers[i++]; });
  summed.tokens = static_cast<std::int64_t>(tokens);
  return summed;
}

void sum_tensors(Ranks& ranks, std::vector<at::Tensor>& tensors) {
  if (ranks.size() == 1 || tensors.empty()) return;
  std::vector<at::Tensor> flattened;
  for (const auto& tensor : tensors) flattened.push_back(tensor.detach().reshape({-1}));
  at::Tensor all = at::cat(flattened);
  ranks.sum(all);
  std::int64_t begin = 0;
  for (auto& tensor : tensors) {
    const std::int64_t count = tensor.numel();
    tensor = all.narrow(0, begin, count).view(tensor.sizes());
    begin += count;
  }
}

void check_equal_bits(Ranks& ranks, const std::vector<at::Tensor>& tensors) {
  if (ranks.size() == 1) return;
  const std::string own = hash_of(tensors);
  const std::string first = text_of_first(ranks, own);
  if (any(ranks, {own != first}).front())
    throw Error(
        fmt::format("training: the ranks' parameters are no longer the same bits (here {:.12}, on rank 0 "
                    "{:.12}): their machines or libraries compute differently",
                    own, first));
}

}  // namespace conceptune::training
