// Cuts a Jinja template into text, output expressions and statements, with Jinja's white space control as
// Hugging Face sets it for chat templates (trim_blocks, lstrip_blocks).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::jinja {

/// A word of an expression or statement.
struct JinjaToken {
  enum class Kind { name, string, integer, sign, end } kind;
  std::string text;  // of a string: its value
};

/// A stretch of a template.
struct JinjaPart {
  enum class Kind { text, output, statement } kind;
  std::string text;                // of Kind::text
  std::vector<JinjaToken> tokens;  // of the others; the last is Kind::end
};

/// Words in one tag, above every real template: each can be a level of recursion when the tag is run.
inline constexpr std::size_t kMaxJinjaTokens = 1000;

/// Throws InputError for a tag or string that does not end, signs that Jinja does not have, and tags of more
/// than kMaxJinjaTokens words.
std::vector<JinjaPart> lex_jinja(std::string_view source);

}  // namespace conceptune::jinja
