#include "conceptune/runtime/jinja/text_form.h"

#include <fmt/format.h>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/python_numbers.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;

void append_escaped(char32_t c, Text& result) {
  if (c < 0x100) {
    result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  } else if (c < 0x10000) {
    result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  } else {
    result += fmt::format("\\U{:08x}", static_cast<unsigned>(c));
  }
}

void append_text_repr(std::string_view text, Text& result) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  result += quote;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = code_point_at(text, i);
    const auto written = text.substr(i, c.size);
    i += c.size;
    if (c.value == U'\n') {
      result += "\\n";
    } else if (c.value == U'\r') {
      result += "\\r";
    } else if (c.value == U'\t') {
      result += "\\t";
    } else if (!python::is_printable(c.value)) {
      append_escaped(c.value, result);
    } else {
      if (c.value == U'\\' || written[0] == quote) result += '\\';
      result += written;
    }
  }
  result += quote;
}

void append_repr(Budget& budget, const Value& value, Text& result);

void append_items(Budget& budget, const Items& items, Text& result) {
  const char* separator = "";
  for (const auto& item : items) {
    result += separator;
    append_repr(budget, item, result);
    separator = ", ";
  }
}

void append_list_repr(Budget& budget, const List& list, Text& result) {
  switch (list.form) {
    case Form::list:
      result += '[';
      append_items(budget, list.values, result);
      result += ']';
      break;
    case Form::tuple:
      result += '(';
      append_items(budget, list.values, result);
      result += list.values.size() == 1 ? ",)" : ")";
      break;
    default:
      result += list.form == Form::keys     ? "dict_keys(["
                : list.form == Form::values ? "dict_values(["
                                            : "dict_items([";
      append_items(budget, list.values, result);
      result += "])";
  }
}

void append_dict_repr(Budget& budget, const Dict& dict, Text& result) {
  result += '{';
  const char* separator = "";
  for (const auto& [key, value] : dict.entries) {
    result += separator;
    append_repr(budget, key, result);
    result += ": ";
    append_repr(budget, value, result);
    separator = ", ";
  }
  result += '}';
}

/// What str() and repr() write alike.
void append_plain(Budget& budget, const Value& value, Text& result) {
  const auto* list = value.list();
  const bool has_no_text = is_form(value, Form::iterator) || is_form(value, Form::range);
  if (value.is<None>()) {
    result += "None";
  } else if (const auto* boolean = value.get<bool>()) {
    result += *boolean ? "True" : "False";
  } else if (const auto* integer = value.get<std::int64_t>()) {
    result += fmt::format_int(*integer).str();
  } else if (const auto* number = value.get<double>()) {
    result += repr_of(*number);
  } else if (list && !has_no_text) {
    append_list_repr(budget, *list, result);
  } else if (const auto* dict = value.dict()) {
    append_dict_repr(budget, *dict, result);
  } else {
    budget.refuse(fmt::format("{} as text", kind_of(value)));
  }
}

void append_repr(Budget& budget, const Value& value, Text& result) {
  const Level level(budget);
  budget.step();
  if (value.is<Undefined>()) {
    result += "Undefined";
  } else if (const auto* text = value.text()) {
    budget.step(text->size() / 8);
    append_text_repr(*text, result);
  } else {
    append_plain(budget, value, result);
  }
}

}  // namespace

void append_str(Budget& budget, const Value& value, Text& result) {
  if (value.is<Undefined>()) return;
  if (const auto* text = value.text()) {
    budget.read(text->size());
    result += *text;
  } else if (const auto* markup = value.get<Markup>()) {
    budget.read(markup->text->size());
    result += *markup->text;
  } else {
    append_plain(budget, value, result);
  }
}

Text str_of(Budget& budget, const Value& value) {
  Text result(&budget);
  append_str(budget, value, result);
  return result;
}

}  // namespace conceptune::jinja
