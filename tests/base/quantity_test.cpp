#include "conceptune/base/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace conceptune {
namespace {

TEST(Quantity, CountsHaveCommas) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-999), "-999");
  EXPECT_EQ(count_text(-123456), "-123,456");
  EXPECT_EQ(count_text(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Quantity, BytesHaveTheUnitThatFits) {
  EXPECT_EQ(bytes_text(912), "912 bytes");
  EXPECT_EQ(bytes_text(1500), "1.5 kB");
  EXPECT_EQ(bytes_text(98'123'456), "98 MB");
  EXPECT_EQ(bytes_text(9'940'000), "9.9 MB");
  EXPECT_EQ(bytes_text(9'990'000), "10 MB");
  EXPECT_EQ(bytes_text(999'700'000), "1.0 GB");
  EXPECT_EQ(bytes_text(std::numeric_limits<std::int64_t>::max()), "9.2 EB");
}

TEST(Quantity, DurationsHaveTheUnitThatFits) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(119), "119 s");
  EXPECT_EQ(duration_text(720), "12 min");
  EXPECT_EQ(duration_text(3 * 3600 + 1800), "3.5 h");
  EXPECT_EQ(duration_text(100 * 3600), "4.2 days");
}

}  // namespace
}  // namespace conceptune
