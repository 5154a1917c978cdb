// A whole tiny experiment, killed at random moments and started again, ends in the bytes of one that was
// never killed.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>

#include "conceptune/base/random.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

/// Kills runs after random times until `kills` have hit, each on top of what the ones before left, and lets
/// the last end.
void expect_same_bytes_after(int kills, std::uint64_t seed) {
  const test::TinyExperiment undisturbed, killed;
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_EQ(undisturbed.run().exit_code, 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begun;
  const auto expected = undisturbed.products();
  Random random(seed, "moments of kills");
  for (int hit = 0; hit < kills;) {
    const auto started = std::chrono::steady_clock::now();
    const auto wait = random.uniform() * whole;
    const auto result = test::run_program_until(
        [&] { return std::chrono::steady_clock::now() - started > wait; }, SIGKILL, killed.arguments());
    if (result.exit_code == 128 + SIGKILL) {
      ++hit;
      continue;
    }
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(killed.products(), expected);
    fs::remove_all(killed.run_folder());
  }
  const auto last = killed.run();
  ASSERT_EQ(last.exit_code, 0) << last.errors;
  EXPECT_EQ(killed.products(), expected);
  EXPECT_EQ(test::run_program({"verify", killed.run_folder().string()}).exit_code, 0);
}

TEST(Kills, SomeEndInTheSameBytes) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  expect_same_bytes_after(5, 1);
}

TEST(KillsSoak, TwoHundredEndInTheSameBytes) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  expect_same_bytes_after(200, 2);
}

}  // namespace
}  // namespace conceptune
