#include "conceptune/results/correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace conceptune::evaluation {
namespace {

bool all_equal(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// Why no correlation of x and y is defined; empty when one is.
std::string why_undefined(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  if (x.size() < 2) return "fewer than two pairs";
  if (!all_finite(x) || !all_finite(y)) return "a value is not a finite number";
  if (all_equal(x) || all_equal(y)) return "all values of one sample are equal";
  return {};
}

std::vector<double> unit_deviations(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::vector<double> deviations(values.begin(), values.end());
  double squares = 0;
  for (double& d : deviations) {
    d -= mean;
    squares += d * d;
  }
  const double norm = std::sqrt(squares);
  for (double& d : deviations) d /= norm;
  return deviations;
}

double pearson_of_defined(std::span<const double> x, std::span<const double> y) {
  const auto dx = unit_deviations(x);
  const auto dy = unit_deviations(y);
  return std::clamp(std::inner_product(dx.begin(), dx.end(), dy.begin(), 0.0), -1.0, 1.0);
}

/// Number of pairs with equal keys in a sequence where equal keys stand together.
template <class Equal>
std::int64_t tied_pairs(std::size_t size, Equal&& equal_to_previous) {
  std::int64_t pairs = 0;
  std::int64_t run = 0;
  for (std::size_t i = 1; i < size; ++i) {
    run = equal_to_previous(i) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/// Sorts `values` and returns how many pairs stood in falling order.
std::int64_t count_inversions(std::span<double> values, std::span<double> buffer) {
  if (values.size() < 2) return 0;
  const std::size_t half = values.size() / 2;
  std::int64_t inversions = count_inversions(values.first(half), buffer.first(half)) +
                            count_inversions(values.subspan(half), buffer.subspan(half));
  std::size_t left = 0;
  std::size_t right = half;
  for (double& out : buffer) {
    if (right == values.size() || (left < half && values[left] <= values[right])) {
      out = values[left++];
    } else {
      out = values[right++];
      inversions += static_cast<std::int64_t>(half - left);
    }
  }
  std::copy(buffer.begin(), buffer.end(), values.begin());
  return inversions;
}

}  // namespace

std::vector<double> average_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

RankedSample::RankedSample(std::span<const double> values) : order_N_(values.size()) {
  std::iota(order_N_.begin(), order_N_.end(), std::uint32_t{0});
  std::ranges::sort(order_N_, {}, [&](std::uint32_t i) { return values[i]; });
  for (std::size_t i = 1; i <= order_N_.size(); ++i)
    if (i == order_N_.size() || values[order_N_[i]] != values[order_N_[i - 1]]) group_ends_.push_back(i);
}

std::vector<double> RankedSample::ranks(std::span<const std::uint32_t> times_N) const {
  std::vector<double> ranks_N(order_N_.size());
  double below = 0;
  std::size_t begin = 0;
  for (const std::size_t end : group_ends_) {
    double copies = 0;
    for (std::size_t i = begin; i < end; ++i) copies += times_N[order_N_[i]];
    for (; begin < end; ++begin) ranks_N[order_N_[begin]] = below + (copies + 1) / 2;
    below += copies;
  }
  return ranks_N;
}

double spearman_of_ranks(std::span<const double> x_ranks_N, std::span<const double> y_ranks_N,
                         std::span<const std::uint32_t> times_N) {
  double items = 0, products = 0, x_squares = 0, y_squares = 0;
  for (const auto times : times_N) items += times;
  const double middle = (items + 1) / 2;
  for (std::size_t i = 0; i < times_N.size(); ++i) {
    const double times = times_N[i], x = x_ranks_N[i] - middle, y = y_ranks_N[i] - middle;
    products += times * x * y;
    x_squares += times * x * x;
    y_squares += times * y * y;
  }
  if (x_squares == 0 || y_squares == 0) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(products / std::sqrt(x_squares) / std::sqrt(y_squares), -1.0, 1.0);
}

Statistic pearson(std::span<const double> x, std::span<const double> y) {
  if (auto reason = why_undefined(x, y); !reason.empty()) return Statistic::undefined(std::move(reason));
  return Statistic::of(pearson_of_defined(x, y));
}

Statistic spearman(std::span<const double> x, std::span<const double> y) {
  if (auto reason = why_undefined(x, y); !reason.empty()) return Statistic::undefined(std::move(reason));
  return Statistic::of(pearson_of_defined(average_ranks(x), average_ranks(y)));
}

Statistic kendall(std::span<const double> x, std::span<const double> y) {
  if (auto reason = why_undefined(x, y); !reason.empty()) return Statistic::undefined(std::move(reason));
  const std::size_t n = x.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b]; });
  const auto same_x = [&](std::size_t i) { return x[order[i]] == x[order[i - 1]]; };
  std::vector<double> y_sorted(n);
  for (std::size_t i = 0; i < n; ++i) y_sorted[i] = y[order[i]];

  const std::int64_t tied_x = tied_pairs(n, same_x);
  const std::int64_t tied_both =
      tied_pairs(n, [&](std::size_t i) { return same_x(i) && y_sorted[i] == y_sorted[i - 1]; });
  std::vector<double> buffer(n);
  const std::int64_t discordant = count_inversions(y_sorted, buffer);
  const std::int64_t tied_y = tied_pairs(n, [&](std::size_t i) { return y_sorted[i] == y_sorted[i - 1]; });
  const auto pairs = static_cast<std::int64_t>(n) * static_cast<std::int64_t>(n - 1) / 2;
  const auto concordant_minus_discordant =
      static_cast<double>(pairs - tied_x - tied_y + tied_both - 2 * discordant);
  const double tau = concordant_minus_discordant / std::sqrt(static_cast<double>(pairs - tied_x)) /
                     std::sqrt(static_cast<double>(pairs - tied_y));
  return Statistic::of(std::clamp(tau, -1.0, 1.0));
}

}  // namespace conceptune::evaluation
