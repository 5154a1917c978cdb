// Lines of which some parts stand out, for whoever shows them: on a terminal in colour, elsewhere by signs.
#pragma once

#include <string>
#include <vector>

namespace conceptune {

enum class Emphasis { none, strong, pale };

struct MarkedText {
  std::string text;
  Emphasis emphasis = Emphasis::none;
};

/// One line; line breaks and control characters of its texts are the shower's business.
using MarkedLine = std::vector<MarkedText>;

}  // namespace conceptune
