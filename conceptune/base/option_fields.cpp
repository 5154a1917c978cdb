#include "conceptune/base/option_fields.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace conceptune {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Range::text() const {
  if (std::isfinite(low) && std::isfinite(high)) return fmt::format("between {} and {}", low, high);
  if (std::isfinite(low)) return fmt::format("at least {}", low);
  if (std::isfinite(high)) return fmt::format("at most {}", high);
  return {};
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t kFarthest = 3;
  std::string nearest;
  std::size_t best = kFarthest + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace conceptune
