#include "conceptune/results/geometry_measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "conceptune/base/random.h"

namespace conceptune::evaluation {
namespace {

using Vectors = std::vector<std::vector<double>>;

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

std::vector<double> mean_of(const Vectors& vectors) {
  std::vector<double> mean(vectors[0].size());
  for (const auto& v : vectors)
    for (std::size_t i = 0; i < v.size(); ++i) mean[i] += v[i] / static_cast<double>(vectors.size());
  return mean;
}

ConceptStates states_of(const Vectors& vectors) {
  ConceptStates states{
      .id = "c", .words = static_cast<int>(vectors.size()), .sum_D = {}, .unit_centroid_D = {}};
  const auto unit = [](const std::vector<double>& v, std::size_t i) {
    return v[i] / std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
  };
  for (std::size_t i = 0; i < vectors[0].size(); ++i) {
    double sum = 0;
    for (const auto& v : vectors) sum += unit(v, i);
    states.sum_D.push_back(static_cast<float>(sum));
    states.unit_centroid_D.push_back(static_cast<float>(unit(mean_of(vectors), i)));
  }
  return states;
}

/// Concepts of 2, 3 and 4 random words in 5 dimensions.
std::vector<Vectors> random_concepts() {
  Random random(3);
  std::vector<Vectors> concepts(3);
  for (std::size_t c = 0; c < concepts.size(); ++c)
    for (std::size_t w = 0; w < c + 2; ++w) {
      concepts[c].emplace_back();
      for (int i = 0; i < 5; ++i) concepts[c].back().push_back(0.5 + random.normal());
    }
  return concepts;
}

double value_of(const std::vector<Measurement>& all, std::string_view metric) {
  for (const auto& m : all)
    if (m.metric == metric) return *m.value.value;
  return NAN;
}

TEST(GeometryMeasures, CountsEveryPairOnce) {
  const auto concepts = random_concepts();
  SubjectGeometry subject{"base", {}};
  for (const auto& vectors : concepts) subject.concepts.push_back(states_of(vectors));
  const auto all = measure(geometry_table("held-out", {subject}), {});

  double intra = 0, inter = 0, centroid = 0;
  int intra_pairs = 0, inter_pairs = 0;
  for (std::size_t a = 0; a < concepts.size(); ++a)
    for (std::size_t b = a; b < concepts.size(); ++b) {
      for (std::size_t i = 0; i < concepts[a].size(); ++i)
        for (std::size_t j = a == b ? i + 1 : 0; j < concepts[b].size(); ++j) {
          (a == b ? intra : inter) += cosine(concepts[a][i], concepts[b][j]);
          ++(a == b ? intra_pairs : inter_pairs);
        }
      if (a != b) centroid += cosine(mean_of(concepts[a]), mean_of(concepts[b])) / 3;
    }
  constexpr double kFloat32 = 1e-6;
  EXPECT_NEAR(value_of(all, "intra_similarity"), intra / intra_pairs, kFloat32);
  EXPECT_NEAR(value_of(all, "inter_similarity"), inter / inter_pairs, kFloat32);
  EXPECT_NEAR(value_of(all, "clustering_score"), intra / intra_pairs - inter / inter_pairs, kFloat32);
  EXPECT_NEAR(value_of(all, "centroid_similarity"), centroid, kFloat32);
}

TEST(GeometryMeasures, CopiesOfAConceptAreNoPairOfConcepts) {
  // Two orthogonal concepts: whatever is resampled, different concepts have cosine 0.
  const SubjectGeometry subject{"base", {states_of({{1, 0}, {1, 0}}), states_of({{0, 1}, {0, 1}, {0, 1}})}};
  BootstrapOptions bootstrap;
  bootstrap.samples = 40;
  for (const auto& m :
       measure(geometry_table("b", {subject, {"same", subject.concepts}}), {.bootstrap = bootstrap}))
    if (m.metric == "intra_similarity") {
      EXPECT_NEAR(m.interval->low, 1, 1e-6);
    } else if (m.metric != "clustering_score") {
      EXPECT_NEAR(*m.value.value, 0, 1e-6);
      // Half of the resamples hold one concept twice, where no pair is left.
      EXPECT_FALSE(m.interval);
    }
}

TEST(GeometryMeasures, NeedsTwoConcepts) {
  const auto all = measure(geometry_table("b", {{"base", {states_of({{1, 0}, {1, 1}})}}}), {});
  EXPECT_EQ(all[0].value.undefined_because, "fewer than two concepts");
}

TEST(GeometryMeasures, StatesSurviveALine) {
  const ConceptStates states = states_of({{1, 2, 3}, {3, 2, 2}});
  EXPECT_EQ(
      concept_states_from_json(parse_json(to_json_text(concept_states_to_json(states)), "test", "line")),
      states);
}

}  // namespace
}  // namespace conceptune::evaluation
