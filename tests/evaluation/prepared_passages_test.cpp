#include "conceptune/evaluation/prepared_passages.h"

#include <gtest/gtest.h>

#include "tests/evaluation/records.h"

namespace conceptune::evaluation {
namespace {

TEST(PreparedPassages, HoldWhatCanBeScored) {
  const auto prepared = prepare_passages(test::kRecords, std::nullopt, 40, 0);
  ASSERT_EQ(prepared.passages.size(), 2U);
  ASSERT_EQ(prepared.skipped.size(), 2U);
  EXPECT_EQ(prepared.skipped[0].reason, "60 tokens, the context holds 40");
  EXPECT_EQ(prepared.skipped[1].reason, "no token to predict");
  // A word at the very beginning is predicted by nothing; synonyms of several tokens have no single one.
  ASSERT_EQ(prepared.passages[0].words.size(), 2U);
  EXPECT_EQ(prepared.passages[0].words[0].concept_ids, (std::vector<std::int32_t>{30, 31}));
  const auto with_begin = prepare_passages(test::kRecords, 256, 40, 3);
  ASSERT_EQ(with_begin.passages.size(), 2U);
  EXPECT_EQ(with_begin.passages[0].words.size(), 3U);
  EXPECT_EQ(with_begin.passages[0].words[0].token, 1U);
  EXPECT_EQ(with_begin.passages[1].ids, (std::vector<std::int32_t>{256, 9}));
}

}  // namespace
}  // namespace conceptune::evaluation
