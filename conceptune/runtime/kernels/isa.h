// The instruction set that the kernels run with: the best the machine has, or the one asked for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace conceptune::kernels {

/// From the least to the most capable; each machine that runs one runs those before it.
enum class Isa : std::uint8_t { plain, avx2, avx512, avx512bf16 };

/// Name as CONCEPTUNE_ISA and `conceptune env` spell it.
std::string_view name_of(Isa isa);

/// What the processor has and the operating system saves across context switches, least capable first.
std::vector<Isa> supported_isas();

/// The most capable supported one, or the one the environment variable CONCEPTUNE_ISA names; decided at the
/// first call. Throws InputError when the variable names no instruction set or one this machine lacks.
Isa active_isa();

}  // namespace conceptune::kernels
