// IEEE 754 half-precision numbers, as files store them.
#pragma once

#include <cstdint>

namespace conceptune::weights {

/// The bits of the nearest half-precision number, ties to even; infinity beyond the largest, 65504.
std::uint16_t half_bits(float value);

}  // namespace conceptune::weights
