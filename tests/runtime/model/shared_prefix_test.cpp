#include "conceptune/runtime/model/shared_prefix.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace conceptune::model {
namespace {

using Tokens = std::vector<std::int32_t>;

/// The token that the batch holds for every token of a text, and the position it stands at.
void expect_holds(const PackedBatch& batch, const TextRows& rows, const Tokens& text) {
  const auto positions = batch.positions();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto row = static_cast<std::size_t>(rows.row(static_cast<std::int64_t>(i)));
    ASSERT_LT(row, batch.tokens.size());
    EXPECT_EQ(batch.tokens[row], text[i]);
    EXPECT_EQ(positions[row], static_cast<std::int32_t>(i));
  }
}

TEST(SharedPrefix, RunsCommonTokensOnce) {
  const std::vector<Tokens> texts = {{0, 5, 6, 7}, {0, 5, 8}, {0, 9}, {0, 5, 6}, {1, 5}, {1, 5}, {1, 5, 2}};
  PackedBatch batch;
  std::vector<TextRows> rows;
  for (const auto& text : texts) rows.push_back(append_sharing(batch, text));
  for (std::size_t t = 0; t < texts.size(); ++t) expect_holds(batch, rows[t], texts[t]);
  EXPECT_EQ(batch.tokens, (Tokens{0, 5, 6, 7, 8, 9, 1, 5, 2}));
  EXPECT_EQ(batch.sequences(), 2);
  EXPECT_NO_THROW(check_batch(batch, 10));
}

TEST(SharedPrefix, DoesNotJoinLongTextsForFewTokens) {
  Tokens first(60), second(60), third(60);
  std::iota(first.begin(), first.end(), 1);
  std::iota(second.begin(), second.end(), 101);
  std::iota(third.begin(), third.end(), 101);
  first.front() = second.front() = third.front() = 0;
  third.back() = 0;
  PackedBatch batch;
  append_sharing(batch, first);
  append_sharing(batch, second);  // one token in common
  EXPECT_EQ(batch.sequences(), 2);
  const TextRows rows = append_sharing(batch, third);  // all but one
  EXPECT_EQ(batch.sequences(), 2);
  EXPECT_EQ(batch.size(), 121);
  expect_holds(batch, rows, third);
}

}  // namespace
}  // namespace conceptune::model
