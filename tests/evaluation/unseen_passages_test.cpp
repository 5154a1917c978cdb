#include "conceptune/evaluation/unseen_passages.h"

#include <gtest/gtest.h>

#include "conceptune/corpus/passage.h"

namespace conceptune::evaluation {
namespace {

TEST(UnseenPassages, LeaveOutWhatAnyAdapterWasTrainedOn) {
  std::vector<concepts::ConceptRecord> records(3);
  records[0].text = "one";
  records[1].text = "two";
  records[1].id = "second";
  records[2].text = "three";
  std::vector<EvaluatedAdapter> adapters(3);
  adapters[1].name = "b";
  adapters[1].trained_on = {corpus::passage_id("two"), corpus::passage_id("four")};
  adapters[2].name = "c";
  adapters[2].trained_on = {corpus::passage_id("two")};
  const auto [unseen, seen] = unseen_passages(records, adapters);
  ASSERT_EQ(unseen.size(), 2U);
  EXPECT_EQ(unseen[0].text, "one");
  EXPECT_EQ(unseen[1].text, "three");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].item, "second");
  EXPECT_EQ(seen[0].reason, "'b' was trained on it");
}

}  // namespace
}  // namespace conceptune::evaluation
