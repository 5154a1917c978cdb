#include "conceptune/results/metrics.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

namespace conceptune::evaluation {
namespace {

TEST(Metrics, AreFoundByName) {
  ASSERT_TRUE(metric_named("content_perplexity"));
  EXPECT_FALSE(metric_named("content_perplexity")->higher_is_better);
  EXPECT_TRUE(metric_named("spearman")->higher_is_better);
  EXPECT_FALSE(metric_named("Spearman"));
}

TEST(Metrics, HaveDifferentNames) {
  std::set<std::string_view> names;
  for (const Metric& metric : kMetrics) names.insert(metric.name);
  EXPECT_EQ(names.size(), std::size(kMetrics));
}

}  // namespace
}  // namespace conceptune::evaluation
