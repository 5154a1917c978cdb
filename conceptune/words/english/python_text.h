// Python's view of characters, on which spaCy's features rest: lower-casing, white space, digits, word
// shapes.
#pragma once

#include <string>
#include <string_view>

namespace conceptune::words {

/// True when the text has characters and all are white space.
bool is_all_python_space(std::string_view utf8);

/// ASCII punctuation (Python's string.punctuation) or a character of Unicode's categories P*.
bool is_punctuation(char32_t character);

/// Python's str.lower(): simple mappings, U+0130 becoming two characters, and the final form of capital
/// sigma.
std::string python_lower(std::string_view utf8);

/// spaCy's word shape (`spacy.lang.lex_attrs.word_shape`): letters as x or X, digits as d, others as they
/// are, at most four equal ones in a row; "LONG" from 100 characters on. "McDonald's" gives "XxXxxxx'x".
std::string word_shape(std::string_view utf8);

/// The first character, and the last three (or fewer) characters.
std::string_view word_prefix(std::string_view utf8);
std::string_view word_suffix(std::string_view utf8);

}  // namespace conceptune::words
