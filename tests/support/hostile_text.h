// Text that would take over a terminal, and how the program must show it.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conceptune/base/visible_text.h"

namespace conceptune::test {

/// Clears the screen, begins a line of its own, colours it, turns the direction of writing.
inline const std::string kHostile = "\x1b[2J\nconceptune: \u009b31m\u202e\u2028\x7f";
inline const std::string kHostileShown = "\\u001b[2J\\nconceptune: \\u009b31m\\u202e\\u2028\\u007f";

/// Nothing but line feeds and what a terminal shows.
inline void expect_harmless(const std::string& text) { EXPECT_EQ(text, visible_lines(text)); }

}  // namespace conceptune::test
