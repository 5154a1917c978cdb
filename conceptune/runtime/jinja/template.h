// Chat templates, rendered as transformers renders them: by Jinja2 3.1 in its ImmutableSandboxedEnvironment,
// with trim_blocks, lstrip_blocks, loop controls, {% generation %}, raise_exception() and transformers'
// tojson. A template either gives the same text or is refused by name, with its line; nothing is guessed.
//
// Refused are
// - of the language: {% extends %}, {% block %}, {% include %}, {% import %}, {% print %}, {% autoescape %},
//   recursive loops, `**`, `%` of text, * and ** of arguments, varargs, kwargs, `self`, setting `loop` and
//   `caller`, names beyond ASCII, a second use of what map, select and the like give;
// - of the filters: attr, batch, center, escape, filesizeformat, format, groupby, pprint, random, round,
//   slice, striptags, truncate, urlencode, urlize, wordcount, wordwrap, xmlattr;
// - of the functions: cycler, joiner, lipsum;
// - of the methods of text: those that format or pad, casefold, encode, isalnum, isidentifier, isnumeric,
//   isprintable, istitle, maketrans, rfind, rindex, translate, and a search of a part of the text;
// - of the values: integers beyond 64 bits, infinities, most of what can be done with text marked safe, and
//   functions, iterators, loops, namespaces and ranges as text.
// strftime_now is undefined: the same chat gives the same text every day.
//
// Safe on hostile templates: nothing but the variables can be reached, and limits.h bounds time and memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "conceptune/base/json.h"
#include "conceptune/runtime/jinja/limits.h"

namespace conceptune::jinja {

/// A parsed template. Immutable, thread-safe.
class Template {
 public:
  /// Throws InputError, with the line, for what is no Jinja, not supported, beyond a limit, or not UTF-8.
  explicit Template(std::string_view source);
  ~Template();

  /// The text with these variables. Throws InputError, with the line, when the template raises an exception,
  /// does what Jinja refuses or what is not supported, or passes a limit, and for variables that are not
  /// UTF-8.
  std::string render(const std::map<std::string, Json>& variables) const;

 private:
  struct Parsed;
  std::unique_ptr<const Parsed> parsed_;
};

}  // namespace conceptune::jinja
