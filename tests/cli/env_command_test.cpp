#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/json.h"
#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

TEST(EnvCommand, PrintsJson) {
  const auto result = run_program({"env", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json facts = parse_json(result.output, "reading", "output");
  EXPECT_GE(facts.at("threads").get<int>(), 1);
  EXPECT_EQ(facts.at("devices").at(0), "cpu");
}

TEST(EnvCommand, RefusesAnUnknownKernelSet) {
  ::setenv("CONCEPTUNE_ISA", "avx9000", 1);
  const auto result = run_program({"env"});
  ::unsetenv("CONCEPTUNE_ISA");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("avx9000"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace conceptune::test
