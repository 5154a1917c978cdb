#include "conceptune/report/glossary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

TEST(Glossary, ExplainsWhatWasMeasuredAndHow) {
  auto results = sample_results();
  auto& evaluated = results.evaluations[0].results;
  evaluated.measurements = {sample_measurement("base", "held-out", "global_nll", 3),
                            sample_measurement("base", "simlex999", "spearman", 0.3),
                            sample_measurement("base", "wordsim353", "spearman", 0.3)};
  evaluated.conventions = {{"in-text", {{"layer", -1}, {"leading_space", true}}}};
  const auto glossary = glossary_of(results.evaluations);
  ASSERT_EQ(glossary.size(), 3U) << "each metric once, and none that was not measured";
  EXPECT_EQ(glossary[0].term, "Spearman");
  EXPECT_THAT(glossary[0].meaning, testing::HasSubstr("people's scores"));
  EXPECT_EQ(glossary[1].term, "NLL");
  EXPECT_EQ(glossary[2].term, "(in-text)");
  EXPECT_EQ(glossary[2].meaning, "how texts were given to SmolLM2: layer = -1, leading_space = true");
}

}  // namespace
}  // namespace conceptune::report
