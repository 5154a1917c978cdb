#include "conceptune/concepts/adjudicate.h"

#include <gtest/gtest.h>

#include "tests/concepts/judged.h"

namespace conceptune::concepts {
namespace {

using test::row;
using Texts = std::vector<std::string>;

Judgements of_three() {
  return {"d",
          {"ann", "bob", "cy"},
          {{"p",
            4,
            "w",
            "NOUN",
            {{0, row({"one", "all", "tie", "mine", "ours"}, {"none"}, {"mine", "ours"})},
             {1, row({"all", "two", "ours"}, {"tie", "one", "none"}, {"ours"})},
             {2, row({"all", "two"}, {"one"})}}}}};
}

TEST(Adjudicate, GoesByMajorityAndRejectsTies) {
  const Adjudication result = adjudicate(of_three(), false);
  ASSERT_EQ(result.table.rows.size(), 1U);
  const ConceptRow& row = result.table.rows[0];
  EXPECT_EQ(row.synonyms, (Texts{"all", "two", "ours"}));  // three votes, then two
  EXPECT_EQ(row.added, Texts{"ours"});
  EXPECT_EQ(row.rejected, (Texts{"one", "tie", "none"}));
  EXPECT_EQ(row.annotators, (Texts{"ann", "bob", "cy"}));
  EXPECT_EQ(row.begin, 4U);
  EXPECT_EQ(result.table.dataset, "d");
  EXPECT_EQ(
      result.to_json(),
      Json({{"sets", 1}, {"accepted", 2}, {"rejected", 3}, {"ties", 1}, {"added", 1}, {"too_few_added", 1}}));
}

TEST(Adjudicate, KeepsWhatOneAddedWhereAsked) {
  const Adjudication result = adjudicate(of_three(), true);
  EXPECT_EQ(result.table.rows.at(0).added, (Texts{"mine", "ours"}));
  EXPECT_EQ(result.table.rows.at(0).synonyms, (Texts{"all", "two", "ours", "mine"}));
  EXPECT_EQ(result.too_few, 0);
}

}  // namespace
}  // namespace conceptune::concepts
