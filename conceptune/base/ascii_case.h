// The case of ASCII letters; other bytes are left alone and compared as they are.
#pragma once

#include <string>
#include <string_view>

namespace conceptune {

std::string ascii_lower(std::string_view text);

/// Whether two texts differ at most in the case of their ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace conceptune
