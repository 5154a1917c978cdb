// Filters of texts; most take any value as the text that str() makes of it.
#include <algorithm>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/filter_functions.h"
#include "conceptune/runtime/jinja/python_text.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

using Append = void (*)(std::string_view, Text&);

Value converted(Budget& budget, std::string_view name, const Value& value, const Arguments& arguments,
                Append append) {
  const Bound bound(budget, name, arguments, {});
  const auto text = str_of(budget, value);
  budget.step(text.size() / 8);
  Text result(&budget);
  append(text, result);
  return text_value(std::move(result));
}

/// What the filter title takes for the space between words.
bool is_between_words(char32_t c) {
  return is_python_space(c) ||
         (c < 0x80 && std::string_view("-({[<").find(static_cast<char>(c)) != std::string_view::npos);
}

/// The first letter of each word in upper case, the rest in lower: not Python's title().
void append_titled_words(std::string_view text, Text& result) {
  while (!text.empty()) {
    const auto first = code_point_at(text, 0);
    auto size = std::size_t{first.size};
    while (size < text.size()) {
      const auto next = code_point_at(text, size);
      if (is_between_words(next.value) != is_between_words(first.value)) break;
      size += next.size;
    }
    python::append_upper(text.substr(0, first.size), result);
    python::append_lower(text.substr(first.size, size - first.size), result);
    text.remove_prefix(size);
  }
}

}  // namespace

Text indentation(Budget& budget, const Value& width) {
  if (width.text()) return {*width.text(), &budget};
  const auto count = width.as_integer();
  if (!count) budget.fail("an indentation that is neither text nor an integer");
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(*count, 0));
  budget.require(size, 1);
  return {size, ' ', &budget};
}

Value filter_capitalize(Budget& budget, const Value& value, const Arguments& arguments) {
  return converted(budget, "filter 'capitalize'", value, arguments, python::append_capitalize);
}

Value filter_lower(Budget& budget, const Value& value, const Arguments& arguments) {
  return converted(budget, "filter 'lower'", value, arguments, python::append_lower);
}

Value filter_title(Budget& budget, const Value& value, const Arguments& arguments) {
  return converted(budget, "filter 'title'", value, arguments, append_titled_words);
}

Value filter_upper(Budget& budget, const Value& value, const Arguments& arguments) {
  return converted(budget, "filter 'upper'", value, arguments, python::append_upper);
}

Value filter_indent(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'indent'", arguments, {"width", "first", "blank"});
  if (!value.text()) budget.fail("filter 'indent' needs text");
  const auto indent = indentation(budget, bound[0] ? *bound[0] : Value{std::int64_t{4}});
  Text ended(*value.text(), &budget);
  ended += '\n';  // as Jinja has it: an empty last line counts
  Text result(&budget);
  bool is_first = true;
  for (const auto line : split_lines(budget, ended)) {
    if (!is_first) result += '\n';
    if (is_first ? bound.truth(1) : bound.truth(2) || !line.empty()) result += indent;
    result += line;
    is_first = false;
  }
  return text_value(std::move(result));
}

Value filter_replace(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'replace'", arguments, {"old", "new", "count"}, 2);
  const bool is_counted = bound[2] && !bound[2]->is<None>();
  return text_value(replaced(budget, str_of(budget, value), str_of(budget, *bound[0]),
                             str_of(budget, *bound[1]), is_counted ? bound.integer(2, -1) : -1));
}

Value filter_trim(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'trim'", arguments, {"chars"});
  const auto text = str_of(budget, value);
  const auto* characters = bound.text_or_none(0);
  const auto rest =
      characters ? stripped(budget, text, Ends::both, *characters) : stripped(budget, text, Ends::both);
  return text_value(budget, rest);
}

}  // namespace conceptune::jinja
