#include "conceptune/runtime/generation/top_k.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/logit_kernels.h"

namespace conceptune::generation {
namespace {

constexpr std::int64_t kBlock = 64;  // logits a block of which only the largest is looked at first

struct Candidate {
  float logit;
  std::int32_t id;
};

bool comes_before(const Candidate& a, const Candidate& b) {
  return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

/// Selects by block maxima: with t the k-th largest maximum, k logits at least are ≥ t, so the k largest are
/// all among those ≥ t, and these lie in the few blocks whose maximum is ≥ t.
class RowSelector {
 public:
  RowSelector(std::int64_t vocabulary, int k)
      : vocabulary_(vocabulary), k_(k), maxima_((vocabulary + kBlock - 1) / kBlock) {}

  void select(const float* logits_V, std::int32_t* ids_K, float* logits_K) {
    gather(logits_V, threshold(logits_V));
    std::partial_sort(candidates_.begin(), candidates_.begin() + k_, candidates_.end(), comes_before);
    for (int i = 0; i < k_; ++i) {
      ids_K[i] = candidates_[i].id;
      logits_K[i] = candidates_[i].logit;
    }
  }

 private:
  /// The k-th largest block maximum, or −∞ where there are fewer blocks.
  float threshold(const float* logits_V) {
    for (std::size_t block = 0; block < maxima_.size(); ++block) {
      const float* begin = logits_V + static_cast<std::int64_t>(block) * kBlock;
      maxima_[block] = *std::max_element(begin, std::min(begin + kBlock, logits_V + vocabulary_));
    }
    if (maxima_.size() < static_cast<std::size_t>(k_)) return -std::numeric_limits<float>::infinity();
    sorted_ = maxima_;
    std::nth_element(sorted_.begin(), sorted_.begin() + k_ - 1, sorted_.end(), std::greater<>());
    return sorted_[k_ - 1];
  }

  void gather(const float* logits_V, float threshold) {
    candidates_.clear();
    for (std::size_t block = 0; block < maxima_.size(); ++block) {
      if (maxima_[block] < threshold) continue;
      const std::int64_t begin = static_cast<std::int64_t>(block) * kBlock;
      for (std::int64_t id = begin; id < std::min(begin + kBlock, vocabulary_); ++id)
        if (logits_V[id] >= threshold) candidates_.push_back({logits_V[id], static_cast<std::int32_t>(id)});
    }
  }

  std::int64_t vocabulary_;
  int k_;
  std::vector<float> maxima_, sorted_;
  std::vector<Candidate> candidates_;
};

void check_k(int k, std::int64_t vocabulary) {
  if (k < 1 || k > vocabulary)
    throw InputError("choosing the most probable tokens", "k",
                     fmt::format("is {}, expected 1 to {}", k, vocabulary));
}

/// log of the sum of e^logit.
float log_normaliser(const float* logits_V, std::int64_t vocabulary) {
  float largest = 0;
  double sum = 0;
  kernels::logit_kernels().reduce(logits_V, vocabulary, &largest, &sum);
  const double normaliser = largest + std::log(sum);
  if (!std::isfinite(normaliser))
    throw InputError("choosing the most probable tokens", "logits", "are not finite, expected numbers");
  return static_cast<float>(normaliser);
}

}  // namespace

TopK top_k_of_logits(const at::Tensor& logits_PV, int k) {
  const std::int64_t positions = logits_PV.size(0), vocabulary = logits_PV.size(1);
  check_k(k, vocabulary);
  const at::Tensor logits = logits_PV.contiguous();
  const TopK top = {at::empty({positions, k}, at::kInt), at::empty({positions, k}, at::kFloat)};
  at::parallel_for(0, positions, 1, [&](std::int64_t begin, std::int64_t end) {
    RowSelector selector(vocabulary, k);
    for (std::int64_t p = begin; p < end; ++p) {
      const float* const row = logits.data_ptr<float>() + p * vocabulary;
      float* const log_probs = top.log_probs_PK.data_ptr<float>() + p * k;
      const float normaliser = log_normaliser(row, vocabulary);
      selector.select(row, top.ids_PK.data_ptr<std::int32_t>() + p * k, log_probs);
      std::for_each_n(log_probs, k, [&](float& logit) { logit -= normaliser; });
    }
  });
  return top;
}

TopK top_k(const model::Decoder& decoder, const at::Tensor& hidden_PD, int k) {
  constexpr std::int64_t kLogitsAtOnce = std::int64_t{8} << 20;
  const at::NoGradGuard no_grad;
  const std::int64_t vocabulary = decoder.config().vocabulary;
  check_k(k, vocabulary);
  const std::int64_t rows_at_once = decoder.head().rows_at_once(kLogitsAtOnce);
  std::vector<at::Tensor> ids = {at::empty({0, k}, at::kInt)}, log_probs = {at::empty({0, k}, at::kFloat)};
  for (std::int64_t begin = 0; begin < hidden_PD.size(0); begin += rows_at_once) {
    const std::int64_t end = std::min(begin + rows_at_once, hidden_PD.size(0));
    const TopK chunk = top_k_of_logits(decoder.project(hidden_PD.slice(0, begin, end)).cpu(), k);
    ids.push_back(chunk.ids_PK);
    log_probs.push_back(chunk.log_probs_PK);
  }
  return {at::cat(ids), at::cat(log_probs)};
}

}  // namespace conceptune::generation
