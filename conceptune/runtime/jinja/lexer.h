// Cuts a template into tokens, as Jinja's lexer does with trim_blocks and lstrip_blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conceptune::jinja {

struct Token {
  enum class Kind {
    data,          // text between tags, raw blocks included
    output_begin,  // {{
    output_end,    // }}
    block_begin,   // {%
    block_end,     // %}
    name,          // of ASCII characters
    text,          // a string literal, its value
    integer,       // its digits in base 10
    number,        // a float, without underscores
    sign,
    end  // of the template
  };
  Kind kind;
  std::string text;
  int line;  // from 1

  bool is_sign(std::string_view sign) const { return kind == Kind::sign && text == sign; }
  bool is_name(std::string_view name) const { return kind == Kind::name && text == name; }
};

/// All tokens of a template of valid UTF-8; the last is Kind::end. White space and comments are left out.
/// Throws InputError, with the line, for what Jinja's lexer refuses and for the little of it that is not
/// supported.
std::vector<Token> lex(std::string_view source);

}  // namespace conceptune::jinja
