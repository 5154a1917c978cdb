#include "conceptune/results/student_t.h"

#include <gtest/gtest.h>

#include <utility>

namespace conceptune::evaluation {
namespace {

// scipy.stats.t.ppf((1 + confidence) / 2, degrees)
TEST(StudentT, AgreesWithScipy) {
  for (const auto& [degrees, expected] :
       {std::pair(1, 12.706204736432095), std::pair(2, 4.302652729696142), std::pair(3, 3.182446305284263),
        std::pair(4, 2.7764451051977987), std::pair(9, 2.2621571627409915),
        std::pair(30, 2.0422724563012373)})
    EXPECT_NEAR(student_t(0.95, degrees), expected, 1e-8) << degrees;
  EXPECT_NEAR(student_t(0.5, 1), 1, 1e-9);
  EXPECT_NEAR(student_t(0.99, 5), 4.032142983557536, 1e-8);
}

}  // namespace
}  // namespace conceptune::evaluation
