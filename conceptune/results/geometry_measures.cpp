// Shapes: C concepts, D width.
#include "conceptune/results/geometry_measures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

namespace conceptune::evaluation {
namespace {

constexpr std::array kGeometryMetrics = {"intra_similarity", "inter_similarity", "clustering_score",
                                         "centroid_similarity"};

double squared_length(const std::vector<float>& vector) {
  double sum = 0;
  for (const float x : vector) sum += static_cast<double>(x) * static_cast<double>(x);
  return sum;
}

void add_scaled(std::vector<double>& sum, const std::vector<float>& vector, double scale) {
  for (std::size_t i = 0; i < vector.size(); ++i) sum[i] += scale * static_cast<double>(vector[i]);
}

double squared_length(const std::vector<double>& vector) {
  return std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
}

/// Cosines summed over pairs, and the number of pairs.
struct PairMean {
  double sum = 0;
  double pairs = 0;
  double mean() const { return sum / pairs; }  // NaN without a pair
};

/// The four metrics of a subject where concept c occurs times_C[c] times.
std::array<double, 4> geometry_of(const SubjectGeometry& subject, const std::vector<double>& times_C) {
  const std::size_t width = subject.concepts.front().sum_D.size();
  std::vector<double> all_words_D(width);
  std::vector<double> all_centroids_D(width);
  PairMean intra, inter, centroids;
  double words = 0;
  double concepts = 0;
  for (std::size_t c = 0; c < times_C.size(); ++c) {
    const ConceptStates& states = subject.concepts[c];
    const double times = times_C[c];
    if (times == 0) continue;
    add_scaled(all_words_D, states.sum_D, times);
    add_scaled(all_centroids_D, states.unit_centroid_D, times);
    const double squared_sum = squared_length(states.sum_D);
    const double size = states.words;
    intra.sum += times * (squared_sum - size) / 2;
    intra.pairs += times * size * (size - 1) / 2;
    // What a concept and its copies contribute to the squares below is no pair of different concepts.
    inter.sum -= times * times * squared_sum / 2;
    inter.pairs -= times * times * size * size / 2;
    centroids.sum -= times * times * squared_length(states.unit_centroid_D) / 2;
    centroids.pairs -= times * times / 2;
    words += times * size;
    concepts += times;
  }
  inter.sum += squared_length(all_words_D) / 2;
  inter.pairs += words * words / 2;
  centroids.sum += squared_length(all_centroids_D) / 2;
  centroids.pairs += concepts * concepts / 2;
  return {intra.mean(), inter.mean(), intra.mean() - inter.mean(), centroids.mean()};
}

}  // namespace

MetricTable geometry_table(const std::string& benchmark, std::vector<SubjectGeometry> subjects) {
  const std::size_t concepts = subjects.front().concepts.size();
  assert(concepts > 0);
  MetricTable table{.benchmark = benchmark,
                    .convention = {},
                    .unit = "concepts",
                    .resampled = "concepts",
                    .n = static_cast<std::int64_t>(concepts),
                    .items = concepts,
                    .subjects = {},
                    .metrics = {kGeometryMetrics.begin(), kGeometryMetrics.end()},
                    .points = {},
                    .compute = {}};
  for (const auto& subject : subjects) {
    assert(subject.concepts.size() == concepts);
    table.subjects.push_back(subject.subject);
    for (const double value : geometry_of(subject, std::vector<double>(concepts, 1.0)))
      table.points.push_back(concepts > 1 ? Statistic::of(value)
                                          : Statistic::undefined("fewer than two concepts"));
  }
  table.compute = [subjects = std::move(subjects), concepts](std::span<const std::uint32_t> indices,
                                                             const std::vector<bool>& wanted,
                                                             std::span<double> values) {
    constexpr std::size_t kMetrics = kGeometryMetrics.size();
    std::vector<double> times_C(concepts);
    for (const auto index : indices) times_C[index] += 1;
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      if (!any_wanted(wanted, s * kMetrics, kMetrics)) continue;
      std::ranges::copy(geometry_of(subjects[s], times_C),
                        values.begin() + static_cast<std::ptrdiff_t>(s * kMetrics));
    }
  };
  return table;
}

Json concept_states_to_json(const ConceptStates& states) {
  return {{"id", states.id},
          {"words", states.words},
          {"sum", states.sum_D},
          {"unit_centroid", states.unit_centroid_D}};
}

ConceptStates concept_states_from_json(const Json& item) {
  return {.id = item.at("id"),
          .words = item.at("words"),
          .sum_D = item.at("sum").get<std::vector<float>>(),
          .unit_centroid_D = item.at("unit_centroid").get<std::vector<float>>()};
}

}  // namespace conceptune::evaluation
