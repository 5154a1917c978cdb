#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

void append_unit(unsigned unit, Text& result) { result += fmt::format("\\u{:04x}", unit); }

/// A character beyond ASCII as one or two units of UTF-16.
void append_units(char32_t c, Text& result) {
  if (c < 0x10000) return append_unit(static_cast<unsigned>(c), result);
  c -= 0x10000;
  append_unit(0xD800U + static_cast<unsigned>(c >> 10), result);
  append_unit(0xDC00U + static_cast<unsigned>(c & 0x3FF), result);
}

void append_string(std::string_view text, bool ascii, Text& result) {
  static constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
  result += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = code_point_at(text, i);
    const auto escape = c.value < 0x80 ? kEscaped.find(text[i]) : std::string_view::npos;
    if (escape != std::string_view::npos) {
      result += '\\';
      result += kLetters[escape];
    } else if (c.value < 0x20 || (ascii && c.value >= 0x7F)) {
      append_units(c.value, result);
    } else {
      result += text.substr(i, c.size);
    }
    i += c.size;
  }
  result += '"';
}

class Writer {
 public:
  Writer(Budget& budget, const JsonForm& form, Text& result)
      : budget_(budget), form_(form), result_(result) {}

  void write(const Value& value) {
    const Level level(budget_);
    budget_.step();
    if (const auto* text = text_of(value)) {
      write_string(*text);
    } else if (const auto* dict = value.dict()) {
      write_dict(*dict);
    } else if (const auto* list = value.list(); list && is_array(*list)) {
      write_list(*list);
    } else {
      result_ += scalar(value);
    }
  }

 private:
  static const Text* text_of(const Value& value) {
    const auto* markup = value.get<Markup>();
    return markup ? markup->text.get() : value.text();
  }

  static bool is_array(const List& list) {
    return list.form == List::Form::list || list.form == List::Form::tuple;
  }

  std::string scalar(const Value& value) const {
    if (value.is<None>()) return "null";
    if (const auto* boolean = value.get<bool>()) return *boolean ? "true" : "false";
    if (const auto* integer = value.get<std::int64_t>()) return std::to_string(*integer);
    if (const auto* number = value.get<double>()) return repr_of(*number);
    budget_.fail(fmt::format("{} as JSON", kind_of(value)));
  }

  void write_string(const Text& text) {
    budget_.step(text.size() / 8);
    append_string(text, form_.ascii, result_);
  }

  void write_key(const Value& key) {
    if (const auto* text = text_of(key)) return write_string(*text);
    result_ += '"' + scalar(key) + '"';
  }

  void write_list(const List& list) {
    write_between('[', ']', list.values, [&](const Value& value) { write(value); });
  }

  void write_dict(const Dict& dict) {
    const auto write_entry = [&](const std::pair<Value, Value>& entry) {
      write_key(entry.first);
      result_ += form_.key_separator;
      write(entry.second);
    };
    if (!form_.sort_keys) return write_between('{', '}', dict.entries, write_entry);
    Entries sorted(dict.entries, &budget_);
    std::ranges::stable_sort(sorted, [&](const auto& left, const auto& right) {
      return holds(budget_, "<", left.first, right.first);
    });
    write_between('{', '}', sorted, write_entry);
  }

  template <class Elements, class Write>
  void write_between(char open, char close, const Elements& elements, Write write_element) {
    result_ += open;
    ++depth_;
    bool is_first = true;
    for (const auto& element : elements) {
      if (!is_first) result_ += form_.item_separator;
      is_first = false;
      break_line();
      write_element(element);
    }
    --depth_;
    if (!is_first) break_line();
    result_ += close;
  }

  void break_line() {
    if (!form_.lines) return;
    result_ += '\n';
    for (int i = 0; i < depth_; ++i) result_ += form_.indent;
  }

  Budget& budget_;
  const JsonForm& form_;
  Text& result_;
  int depth_ = 0;
};

}  // namespace

void append_json(Budget& budget, const Value& value, const JsonForm& form, Text& result) {
  Writer(budget, form, result).write(value);
}

}  // namespace conceptune::jinja
