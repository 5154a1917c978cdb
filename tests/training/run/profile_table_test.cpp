#include "conceptune/training/run/profile_table.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

TEST(ProfileTable, SharesTimeAndHoldsProductsAgainstTheLimit) {
  const std::string table = profile_table({{"products", 3, 12, 60e9}, {"norms", 3, 2, 0}}, {10, 2, 20e9});
  EXPECT_EQ(table,
            "operation                           time     share     GFLOP/s    of limit\n"
            "products                          6.00 s    60.0 %        10.0      50.0 %\n"
            "norms                             1.00 s    10.0 %\n"
            "other, and waiting                3.00 s    30.0 %\n"
            "all                              10.00 s   100.0 %         6.0      30.0 %\n");
}

}  // namespace
}  // namespace conceptune::training
