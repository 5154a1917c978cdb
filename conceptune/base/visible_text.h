// Text of unknown origin made fit for a terminal, which obeys some characters instead of showing them.
#pragma once

#include <string>
#include <string_view>

namespace conceptune {

/// `text` with every character that a terminal would obey written out, so that the result is one line.
/// Control characters become \n, \r, \t or \u001b: C0, DEL and C1 (U+0080 to U+009F), line and paragraph
/// separator (U+2028, U+2029), and those of writing direction (U+061C, U+200E, U+200F, U+202A to U+202E,
/// U+2066 to U+2069). Each byte that belongs to no valid UTF-8 becomes \xff. All else is left as it is,
/// joiners of zero width and backslashes too: the result is for reading, and one cannot get back from it.
/// Escaping twice is escaping once. In JSON text without line breaks, and in TOML's basic strings, such
/// characters stand only where the escapes mean them, so that the value stays the same.
std::string visible_text(std::string_view text);

/// The same for text whose lines the program laid out: line feeds are left.
std::string visible_lines(std::string_view text);

}  // namespace conceptune
