#include "tests/support/inputs.h"

namespace conceptune::test {

std::filesystem::path input(const std::filesystem::path& relative) {
  return CONCEPTUNE_INPUTS_DIR / relative;
}
std::filesystem::path shared(const std::filesystem::path& relative) {
  return CONCEPTUNE_SHARED_DIR / relative;
}
std::filesystem::path source(const std::filesystem::path& relative) {
  return CONCEPTUNE_SOURCE_DIR / relative;
}
std::filesystem::path program() { return CONCEPTUNE_PROGRAM; }

}  // namespace conceptune::test
