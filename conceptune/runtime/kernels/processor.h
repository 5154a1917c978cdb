// What the processor runs of the instruction sets that kernels are written for.
#pragma once

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// The most capable that the processor has and the operating system saves across context switches.
Isa best_isa();

}  // namespace conceptune::kernels
