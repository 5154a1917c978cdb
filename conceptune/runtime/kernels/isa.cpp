#include "conceptune/runtime/kernels/isa.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/processor.h"

namespace conceptune::kernels {
namespace {

// In the order of Isa.
constexpr std::array<std::string_view, 4> kNames = {"plain", "avx2", "avx512", "avx512bf16"};

std::string names_of(const std::vector<Isa>& isas) {
  std::string text;
  for (const Isa isa : isas) text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(isa));
  return text;
}

Isa choose_isa() {
  const char* wanted = std::getenv("CONCEPTUNE_ISA");
  const std::vector<Isa> supported = supported_isas();
  if (!wanted || *wanted == '\0') return supported.back();
  const auto found = std::ranges::find(supported, std::string_view(wanted), &name_of);
  if (found == supported.end())
    throw InputError(
        "choosing kernels", "environment variable CONCEPTUNE_ISA",
        fmt::format("is '{}', expected one of those this machine runs: {}", wanted, names_of(supported)));
  return *found;
}

}  // namespace

std::string_view name_of(Isa isa) { return kNames[static_cast<std::size_t>(isa)]; }

std::vector<Isa> supported_isas() {
  std::vector<Isa> isas;
  for (int i = 0; i <= static_cast<int>(best_isa()); ++i) isas.push_back(static_cast<Isa>(i));
  return isas;
}

Isa active_isa() {
  static const Isa isa = choose_isa();
  return isa;
}

}  // namespace conceptune::kernels
