// One version of each kernel family for an instruction set.
#pragma once

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// The version that `isa` runs. Where an instruction set brings a family nothing more, the version before it
/// is given again.
template <class Version>
const Version& version_for(Isa isa, const Version& plain, const Version& avx2, const Version& avx512,
                           const Version& avx512bf16) {
  switch (isa) {
    case Isa::plain:
      return plain;
    case Isa::avx2:
      return avx2;
    case Isa::avx512:
      return avx512;
    case Isa::avx512bf16:
      break;
  }
  return avx512bf16;
}

}  // namespace conceptune::kernels
