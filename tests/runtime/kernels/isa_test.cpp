#include "conceptune/runtime/kernels/isa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/error.h"

namespace conceptune::kernels {
namespace {

/// Runs in a process of its own, since the choice is made once: exits with 0 when `check` holds.
template <class Check>
void in_fresh_process(const char* isa, Check check) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ::setenv("CONCEPTUNE_ISA", isa, 1);
        std::exit(check() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "")
      << isa;
}

TEST(Isa, PlainIsAlwaysThere) { EXPECT_EQ(supported_isas().front(), Isa::plain); }

TEST(Isa, AgreesWithTheCompilersDetection) {
  const auto isas = supported_isas();
  const bool avx2 = std::ranges::count(isas, Isa::avx2) != 0;
  EXPECT_EQ(avx2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
  const bool avx512 = std::ranges::count(isas, Isa::avx512) != 0;
  EXPECT_EQ(avx512, __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"));
}

TEST(Isa, TheVariableForcesEachSupportedOne) {
  for (const Isa isa : supported_isas())
    in_fresh_process(name_of(isa).data(), [isa] { return active_isa() == isa; });
}

TEST(Isa, TheBestIsTheDefault) {
  in_fresh_process("", [] { return active_isa() == supported_isas().back(); });
}

TEST(Isa, AnUnknownNameIsAnError) {
  in_fresh_process("avx3", [] {
    try {
      active_isa();
    } catch (const InputError& error) {
      return std::string_view(error.what())
          .starts_with(
              "choosing kernels: environment variable CONCEPTUNE_ISA: is 'avx3', expected one of those this "
              "machine "
              "runs: plain");
    }
    return false;
  });
}

}  // namespace
}  // namespace conceptune::kernels
