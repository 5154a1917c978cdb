#include "tests/support/fault_injection.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

ProgramResult run(const std::string& fault, const std::filesystem::path& folder,
                  const std::filesystem::path& count, const std::vector<std::string>& arguments) {
  const std::string below = std::filesystem::canonical(folder).string();
  return run_program_after(
      [&] {
        ::setenv("LD_PRELOAD", CONCEPTUNE_FAULT_INJECTOR, 1);
        ::setenv("CONCEPTUNE_FAULT", fault.c_str(), 1);
        ::setenv("CONCEPTUNE_FAULT_BELOW", below.c_str(), 1);
        ::setenv("CONCEPTUNE_FAULT_COUNT", count.c_str(), 1);
      },
      arguments);
}

}  // namespace

long count_calls(const std::string& kind, const std::filesystem::path& folder,
                 const std::vector<std::string>& arguments) {
  const TemporaryFolder counts;
  run(kind + ":0", folder, counts.path() / "count", arguments);
  long calls = 0;
  std::ifstream(counts.path() / "count") >> calls;
  return calls;
}

ProgramResult run_with_fault(const std::string& kind, long n, const std::filesystem::path& folder,
                             const std::vector<std::string>& arguments) {
  const TemporaryFolder counts;
  return run(fmt::format("{}:{}", kind, n), folder, counts.path() / "count", arguments);
}

}  // namespace conceptune::test
