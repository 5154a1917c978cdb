#include "cli/estimate_table.h"

#include <gtest/gtest.h>

namespace conceptune::cli {
namespace {

experiment::StageEstimate training(const std::string& arm, const std::string& condition, std::int64_t steps) {
  return {"train", arm, 10, 1000, steps, {60, 120}, condition};
}

TEST(EstimateTable, ArmsThatDifferInTheirSeedAloneAreOneLine) {
  experiment::ExperimentEstimate estimate;
  estimate.stages = {{"annotate", "", 12, 1200, 0, {30, 30}},
                     training("concepts, seed 1, λ 0.5", "concepts, λ 0.5", 5),
                     training("next-token, seed 1", "next-token", 5),
                     training("concepts, seed 2, λ 0.5", "concepts, λ 0.5", 5),
                     training("next-token, seed 2", "next-token", 6)};
  const std::string table = table_of(estimate);
  EXPECT_EQ(table.substr(0, table.find("0 s in all")),
            "stage      for                       passages      tokens    steps             time\n"
            "annotate                                   12       1,200        0             30 s\n"
            "train      concepts, λ 0.5, 2 seeds        10       2,000       10       2 to 4 min\n"
            "train      next-token, seed 1              10       1,000        5    60 s to 2 min\n"
            "train      next-token, seed 2              10       1,000        6    60 s to 2 min\n");
}

}  // namespace
}  // namespace conceptune::cli
