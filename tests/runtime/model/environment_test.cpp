#include "conceptune/runtime/model/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/messages.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::model {
namespace {

using ::testing::Contains;
using ::testing::StartsWith;

TEST(Environment, NamesWhatRuns) {
  const Environment environment = current_environment();
  EXPECT_THAT(environment.kernel_sets, Contains(environment.kernel_set));
  EXPECT_THAT(environment.devices, Contains("cpu"));
  EXPECT_EQ(environment.threads, threads());
  EXPECT_EQ(environment.bf16_products, fastest_products() == ProductType::bfloat16);
}

TEST(Environment, FindsTheBlasThatTheSetUpInstalls) {
  const Environment environment = current_environment();
  EXPECT_THAT(environment.blas, StartsWith("OpenBLAS 0."));
  EXPECT_FALSE(environment.blas_is_slow);
}

TEST(Environment, DoesNotWarnAboutAFastBlas) {
  std::string seen;
  const auto before = set_message_sink([&](Severity, std::string_view message) { seen += message; });
  warn_about_slow_blas();
  set_message_sink(before);
  EXPECT_EQ(seen, "");
}

TEST(Environment, TellsOfBf16ProductsWhereTheyWouldGainSomething) {
  std::string seen;
  const auto before = set_message_sink([&](Severity, std::string_view message) { seen += message; });
  tell_of_bf16_products(DataType::bfloat16);
  EXPECT_EQ(seen, "");
  tell_of_bf16_products(DataType::float32);
  set_message_sink(before);
  EXPECT_EQ(seen.find("--type bfloat16") != seen.npos, fastest_products() == ProductType::bfloat16);
}

}  // namespace
}  // namespace conceptune::model
