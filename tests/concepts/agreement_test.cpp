#include "conceptune/concepts/agreement.h"

#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/concepts/judged.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using test::row;

TEST(KrippendorffAlpha, IsThatOfTheReference) {
  const Json cases = read_json_file(test::source("tests/reference/agreement.json"), "test");
  ASSERT_GT(cases.size(), 5U);
  for (const auto& one : cases) {
    std::vector<Unit> units;
    for (const auto& values : one["units"]) {
      Unit unit;
      for (const auto& value : values)
        unit.push_back(value.is_null() ? std::nullopt : std::optional(value.get<int>() == 1));
      units.push_back(unit);
    }
    const auto alpha = krippendorff_alpha(units);
    ASSERT_TRUE(alpha);
    EXPECT_NEAR(*alpha, one["alpha"].get<double>(), 1e-12);
  }
  EXPECT_NEAR(cases[0]["alpha"].get<double>(), 0.095, 5e-4);  // the author's own example
}

TEST(KrippendorffAlpha, IsUndefinedWithoutPairsOrVariation) {
  EXPECT_FALSE(krippendorff_alpha({}));
  const Unit alone[] = {{true, std::nullopt}, {std::nullopt, false}};
  EXPECT_FALSE(krippendorff_alpha(alone));
  const Unit same[] = {{true, true}, {true, true}};
  EXPECT_FALSE(krippendorff_alpha(same));
}

TEST(Agreement, ComparesPairsAndRanksDisputes) {
  Judgements judgements;
  judgements.people = {"ann", "bob", "cy"};
  judgements.sets = {
      {"p", 0, "a", "NOUN", {{0, row({"x", "y"}, {})}, {1, row({"x"}, {"y"})}}},
      {"p", 2, "b", "NOUN", {{0, row({"x", "new"}, {"y"}, {"new"})}, {1, row({"y", "new"}, {"x"}, {"new"})}}},
      {"p", 4, "c", "NOUN", {{0, row({"x"}, {"z"})}, {1, row({"x"}, {})}, {2, row({"x"}, {"z"})}}},
      {"p", 6, "d", "NOUN", {{2, row({"x"}, {})}}}};
  const Agreement agreement = agreement_of(judgements);
  EXPECT_EQ(agreement.sets, 4);
  EXPECT_EQ(agreement.sets_of_several, 3);
  EXPECT_EQ(agreement.units, 7);
  EXPECT_EQ(agreement.units_of_several, 6);
  ASSERT_EQ(agreement.pairs.size(), 3U);
  const PairAgreement& pair = agreement.pairs[0];
  EXPECT_EQ(pair.sets, 3);
  EXPECT_EQ(pair.units, 5);  // bob left z open
  EXPECT_EQ(pair.agreed, 2);
  // Common: x, new, x. Ann's: x y, x new, x. Bob's: x, y new, x.
  EXPECT_DOUBLE_EQ(*pair.f, 2.0 * 3 / (5 + 4));
  EXPECT_DOUBLE_EQ(*agreement.pairs[1].f, 1);
  EXPECT_EQ(agreement.pairs[2].sets, 1);
  ASSERT_EQ(agreement.disputes.size(), 2U);
  EXPECT_EQ(agreement.disputes[0].set, 1U);
  EXPECT_DOUBLE_EQ(agreement.disputes[0].amount, 2);
  EXPECT_DOUBLE_EQ(agreement.disputes[1].amount, 1);
  const Json json = to_json(agreement, judgements, 1);
  EXPECT_EQ(json["disputes"].size(), 1U);
  EXPECT_EQ(json["disputes"][0]["words"][0],
            Json({{"text", "x"}, {"accepted", {"ann"}}, {"rejected", {"bob"}}}));
  EXPECT_EQ(json["disputes"][0]["words"][2]["added"], true);
}

}  // namespace
}  // namespace conceptune::concepts
