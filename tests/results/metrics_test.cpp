#include "conceptune/results/metrics.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <set>

#include "conceptune/base/file.h"
#include "tests/support/inputs.h"

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

TEST(Metrics, AreExplainedInTheDocsAsInReports) {
  const std::string page = read_file(test::source("docs/results.md"), "test");
  for (const Metric& metric : kMetrics) {
    EXPECT_THAT(page, testing::HasSubstr(fmt::format("\n| `{}` | ", metric.name)));
    EXPECT_THAT(page, testing::HasSubstr(fmt::format(
                          " | {} | {} |\n", metric.higher_is_better ? "higher" : "lower", metric.meaning)));
  }
}

}  // namespace
}  // namespace conceptune::evaluation
