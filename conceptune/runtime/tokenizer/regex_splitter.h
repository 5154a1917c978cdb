// Pre-tokenization by a regular expression that no hand-written splitter knows, and the reference that tests
// hold those to.
#pragma once

#include <memory>
#include <string_view>

#include "conceptune/runtime/tokenizer/splitter.h"

namespace conceptune::tokenizer {

/// Cuts at both ends of every match of a PCRE2 pattern (Unicode classes; each piece is matched by itself).
/// Throws InputError for a pattern that does not compile, and from split() when a text makes it backtrack
/// more than PCRE2's default limit of ten million steps.
std::unique_ptr<Splitter> regex_splitter(std::string_view pattern);

/// The same for a text to be found as it is.
std::unique_ptr<Splitter> literal_splitter(std::string_view text);

}  // namespace conceptune::tokenizer
