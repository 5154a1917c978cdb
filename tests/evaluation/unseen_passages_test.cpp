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
  const corpus::PassageIds of_b = {corpus::passage_id("two"), corpus::passage_id("four")};
  const std::vector<EvaluatedAdapter> adapters = {
      {.name = "a", .path = {}, .hash = {}, .adapter = {}},
      {"b", {}, {}, nullptr, nullptr, of_b},
      {"c", {}, {}, nullptr, nullptr, {corpus::passage_id("two")}}};
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
