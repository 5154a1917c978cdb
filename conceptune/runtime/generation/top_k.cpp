#include "conceptune/runtime/generation/top_k.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/logit_kernels.h"
#include "conceptune/runtime/kernels/parallel.h"

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

namespace {

/// The choice from logits into rows [first, first + P) of `top`.
void choose(const model::Matrix& logits_PV, int k, std::int64_t first, const TopK& top) {
  kernels::parallel_for(logits_PV.rows(), [&](std::int64_t p) {
    RowSelector selector(logits_PV.width(), k);
    const float* const row = logits_PV.row(p);
    float* const log_probs = top.log_probs_PK.row(first + p);
    const float normaliser = log_normaliser(row, logits_PV.width());
    selector.select(row, top.ids_PK.row(first + p), log_probs);
    std::for_each_n(log_probs, k, [&](float& logit) { logit -= normaliser; });
  });
}

}  // namespace

TopK top_k_of_logits(const model::Matrix& logits_PV, int k) {
  check_k(k, logits_PV.width());
  TopK top = {{logits_PV.rows(), k}, {logits_PV.rows(), k}};
  choose(logits_PV, k, 0, top);
  return top;
}

TopK top_k(const model::Decoder& decoder, const model::Matrix& hidden_PD, int k) {
  constexpr std::int64_t kLogitsAtOnce = std::int64_t{8} << 20;
  check_k(k, decoder.config().vocabulary);
  const std::int64_t rows_at_once = decoder.logit_rows_at_once(kLogitsAtOnce);
  TopK top = {{hidden_PD.rows(), k}, {hidden_PD.rows(), k}};
  for (std::int64_t begin = 0; begin < hidden_PD.rows(); begin += rows_at_once)
    choose(
        decoder.project(model::rows_of(hidden_PD, begin, std::min(rows_at_once, hidden_PD.rows() - begin))),
        k, begin, top);
  return top;
}

}  // namespace conceptune::generation
