#include "conceptune/concepts/substitute_facts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace conceptune::concepts {
namespace {

constexpr int kSensesTold = 9;  // rarer senses count as this one

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// What people's choices say of WordNet's distance.
double of_wordnet(const SubstituteFacts& facts, double steps, double sense) {
  return steps * facts.steps * facts.steps + sense * std::min(facts.sense, kSensesTold);
}

}  // namespace

// The weights are printed by bench/studies/fit_substitutes.py.
double first_look(const SubstituteFacts& facts) {
  return of_wordnet(facts, -0.612, -0.157) - 1.211 * facts.tokens + 0.315 * facts.first_association;
}

double substitute_score(const SubstituteFacts& facts, SubstituteOrder order) {
  switch (order) {
    case SubstituteOrder::continuation:
      return facts.word + sum(facts.following);
    case SubstituteOrder::likeness:
      return facts.likeness;
    case SubstituteOrder::fitted:
      break;
  }
  return logistic(-0.464 + of_wordnet(facts, -0.495, -0.142) + 0.051 * facts.word +
                  0.098 * sum(facts.following) + 3.449 * facts.likeness + 0.330 * facts.association);
}

}  // namespace conceptune::concepts
