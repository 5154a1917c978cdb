// What utf8proc does not know of characters' case and of digits; all tables sorted.
#pragma once

#include <span>

namespace conceptune::python {

struct CharacterRange {
  char32_t first, last;  // both included
};

/// A character whose upper or title case is several characters; zero where there are fewer.
struct LongerCase {
  char32_t character;
  char32_t upper[3], title[3];
};

// Other_Lowercase, Other_Uppercase: Lowercase and Uppercase beyond the categories Ll and Lu.
std::span<const CharacterRange> other_lower();
std::span<const CharacterRange> other_upper();
// Case_Ignorable beyond the categories Mn, Me, Cf, Lm, Sk.
std::span<const CharacterRange> other_case_ignorable();
// Numeric_Type=Digit beyond the category Nd.
std::span<const CharacterRange> other_digits();
std::span<const LongerCase> longer_cases();

}  // namespace conceptune::python
