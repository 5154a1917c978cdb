#include "conceptune/runtime/jinja/jinja_builtins.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kPythonSpaces = " \t\n\r\f\v";

[[noreturn]] void fail(std::string_view problem) {
  throw InputError("rendering chat template", "expression", problem);
}

const std::string& string_of(const JinjaValue& value, std::string_view what) {
  if (!value || !value->is_string()) fail(fmt::format("{} needs a string", what));
  return value->get_ref<const std::string&>();
}

std::int64_t integer_of(const JinjaValue& value, std::string_view what) {
  if (!value || !value->is_number_integer()) fail(fmt::format("{} needs an integer", what));
  return value->get<std::int64_t>();
}

const std::string& string_argument(const std::vector<JinjaValue>& arguments, std::size_t i,
                                   std::string_view what) {
  return string_of(i < arguments.size() ? arguments[i] : nullptr, what);
}

std::string stripped(std::string_view text, std::string_view characters, bool left, bool right) {
  const bool is_ascii =
      std::ranges::all_of(characters, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_ascii) fail("strip of characters beyond ASCII is not supported");  // bytes of others could be cut
  if (left) text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(characters) + 1);
  return std::string(text);
}

/// Refuses texts that grow without bound.
void check_size(std::size_t bytes) {
  if (bytes > kMaxJinjaTextBytes) fail(fmt::format("a text of more than {} bytes", kMaxJinjaTextBytes));
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) fail("replace of an empty string is not supported");
  std::string result;
  std::size_t begin = 0;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    result.append(text, begin, at - begin).append(to);
    check_size(result.size());
    begin = at + from.size();
  }
  return result.append(text, begin);
}

Json split(const std::string& text, const std::string& separator) {
  if (separator.empty()) fail("split needs a separator");
  Json parts = Json::array();
  std::size_t begin = 0;
  for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// Upper or lower case of ASCII letters.
std::string with_case(std::string text, char first, char last) {
  for (char& c : text)
    if (c >= first && c <= last) c ^= 0x20;
  return text;
}

std::int64_t length_of(const JinjaValue& value) {
  if (!value || value->is_null()) fail("length of nothing");
  if (value->is_string())
    return static_cast<std::int64_t>(count_code_points(value->get_ref<const std::string&>()));
  return static_cast<std::int64_t>(value->size());
}

JinjaValue concatenated(const std::string& left, const std::string& right) {
  check_size(left.size() + right.size());
  return jinja_value(left + right);
}

/// [key, value] of every member.
JinjaValue items_of(const JinjaValue& object) {
  if (!object || !object->is_object()) fail("items needs an object");
  Json list = Json::array();
  for (const auto& [key, value] : object->items()) list.push_back(Json::array({key, value}));
  return jinja_value(std::move(list));
}

JinjaValue joined(const JinjaValue& list, const std::string& separator) {
  if (!list || !list->is_array()) fail("join needs a list");
  std::string text;
  for (std::size_t i = 0; i < list->size(); ++i) {
    text += (i ? separator : "") + text_of(member_of(list, static_cast<std::int64_t>(i)));
    check_size(text.size());
  }
  return jinja_value(text);
}

bool contains(const JinjaValue& container, const JinjaValue& item) {
  if (!container) fail("'in' needs a container");
  if (container->is_string())
    return container->get_ref<const std::string&>().find(string_of(item, "'in' a string")) !=
           std::string::npos;
  if (container->is_object())
    return item && item->is_string() && container->contains(item->get<std::string>());
  if (!container->is_array()) fail("'in' needs a container");
  return item && std::ranges::find(*container, *item) != container->end();
}

JinjaValue arithmetic(std::string_view name, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  if (name == "+") overflow = __builtin_add_overflow(left, right, &result);
  if (name == "-") overflow = __builtin_sub_overflow(left, right, &result);
  if (name == "*") overflow = __builtin_mul_overflow(left, right, &result);
  if (name == "//" || name == "%") {
    if (right == 0 || (left == INT64_MIN && right == -1)) fail("division out of range");
    const auto remainder = left % right;
    const bool rounds_down = remainder != 0 && (remainder < 0) != (right < 0);  // as Python's
    result = name == "%" ? remainder + (rounds_down ? right : 0) : left / right - (rounds_down ? 1 : 0);
  }
  if (overflow) fail("integer out of range");
  if (name == "/") fail("'/' is not supported, expected '//'");
  return jinja_value(result);
}

bool is_ordered(std::string_view name, const Json& left, const Json& right) {
  const bool same_kind = (left.is_number() && right.is_number()) || (left.is_string() && right.is_string());
  if (!same_kind) fail(fmt::format("'{}' needs two numbers or two strings", name));
  if (name == "<") return left < right;
  if (name == "<=") return left <= right;
  if (name == ">") return left > right;
  return left >= right;
}

}  // namespace

JinjaValue jinja_value(Json value) { return std::make_shared<const Json>(std::move(value)); }

bool is_true(const JinjaValue& value) {
  if (!value || value->is_null()) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number()) return value->get<double>() != 0;
  if (value->is_string()) return !value->get_ref<const std::string&>().empty();
  return !value->empty();
}

std::string text_of(const JinjaValue& value) {
  if (!value) return "";
  if (value->is_string()) return value->get<std::string>();
  if (value->is_null()) return "None";
  if (value->is_boolean()) return value->get<bool>() ? "True" : "False";
  if (value->is_number()) return value->dump();
  fail("a list or an object cannot be written as text");
}

JinjaValue member_of(const JinjaValue& value, const Json& key) {
  if (!value) fail(fmt::format("{} of something undefined", key.dump()));
  if (value->is_object() && key.is_string()) {
    const auto found = value->find(key.get_ref<const std::string&>());
    return found == value->end() ? nullptr : JinjaValue(value, &*found);
  }
  if (!value->is_array() || !key.is_number_integer()) return nullptr;
  const auto size = static_cast<std::int64_t>(value->size());
  const auto index = key.get<std::int64_t>() + (key.get<std::int64_t>() < 0 ? size : 0);
  if (index < 0 || index >= size) return nullptr;
  return {value, &(*value)[static_cast<std::size_t>(index)]};
}

JinjaValue slice_of(const JinjaValue& value, const JinjaValue& begin, const JinjaValue& end,
                    std::int64_t step) {
  if (!value || (!value->is_array() && !value->is_string())) fail("a slice needs a list or a string");
  if (step != 1 && step != -1) fail("a slice's step must be 1 or -1");
  const auto size = length_of(value);
  const auto bound = [&](const JinjaValue& given, std::int64_t otherwise) {
    if (!given || given->is_null()) return otherwise;
    const auto index = integer_of(given, "a slice");
    return std::clamp(index < 0 ? index + size : index, std::int64_t{step < 0 ? -1 : 0},
                      step < 0 ? size - 1 : size);
  };
  const auto first = bound(begin, step < 0 ? size - 1 : 0);
  const auto last = bound(end, step < 0 ? -1 : size);
  const auto characters =
      value->is_string() ? decode_utf8(value->get_ref<const std::string&>()) : std::u32string();
  std::u32string text;
  Json list = Json::array();
  for (auto i = first; step < 0 ? i > last : i < last; i += step) {
    if (value->is_string()) {
      text += characters[static_cast<std::size_t>(i)];
    } else {
      list.push_back((*value)[static_cast<std::size_t>(i)]);
    }
  }
  return jinja_value(value->is_string() ? Json(encode_utf8(text)) : std::move(list));
}

JinjaValue apply_operator(std::string_view name, const JinjaValue& left, const JinjaValue& right) {
  if (name == "~") return concatenated(text_of(left), text_of(right));
  if (name == "in") return jinja_value(contains(right, left));
  const bool both = left && right;
  const bool equal = both ? *left == *right : !left && !right;
  if (name == "==") return jinja_value(equal);
  if (name == "!=") return jinja_value(!equal);
  if (!both) fail(fmt::format("'{}' with something undefined", name));
  if (name[0] == '<' || name[0] == '>') return jinja_value(is_ordered(name, *left, *right));
  if (name == "+" && left->is_string() && right->is_string())
    return concatenated(left->get_ref<const std::string&>(), right->get_ref<const std::string&>());
  return arithmetic(name, integer_of(left, name), integer_of(right, name));
}

JinjaValue apply_filter(std::string_view name, const JinjaValue& value,
                        const std::vector<JinjaValue>& arguments) {
  if (name == "trim") return jinja_value(stripped(text_of(value), kPythonSpaces, true, true));
  if (name == "length" || name == "count") return jinja_value(length_of(value));
  if (name == "string") return jinja_value(text_of(value));
  if (name == "safe" || name == "list") return value;
  if (name == "upper" || name == "lower") return call_method(name, jinja_value(text_of(value)), {});
  if (name == "first") return member_of(value, 0);
  if (name == "last") return member_of(value, -1);
  if (name == "join") return joined(value, arguments.empty() ? "" : text_of(arguments[0]));
  if (name == "items") return items_of(value);
  if (name == "replace") return call_method(name, value, arguments);
  if (name == "default" || name == "d") {
    const bool also_false = arguments.size() > 1 && is_true(arguments[1]);
    if (value && (!also_false || is_true(value))) return value;
    return arguments.empty() ? jinja_value("") : arguments[0];
  }
  if (name == "tojson") {
    if (!value || value->is_structured()) fail("tojson of a list or an object is not supported");
    return jinja_value(to_json_text(*value));
  }
  fail(fmt::format("filter '{}' is not supported", name));
}

bool apply_test(std::string_view name, const JinjaValue& value) {
  if (name == "defined") return value != nullptr;
  if (name == "undefined") return value == nullptr;
  if (name == "none") return value && value->is_null();
  if (name == "string") return value && value->is_string();
  if (name == "mapping") return value && value->is_object();
  if (name == "iterable" || name == "sequence")
    return value && (value->is_structured() || value->is_string());
  if (name == "number") return value && value->is_number();
  if (name == "integer") return value && value->is_number_integer();
  if (name == "boolean") return value && value->is_boolean();
  if (name == "true") return value && *value == Json(true);
  if (name == "false") return value && *value == Json(false);
  fail(fmt::format("test '{}' is not supported", name));
}

JinjaValue call_method(std::string_view name, const JinjaValue& value,
                       const std::vector<JinjaValue>& arguments) {
  if (value && value->is_object() && name == "get") {
    const auto found = member_of(value, string_argument(arguments, 0, "get"));
    return found ? found : arguments.size() > 1 ? arguments[1] : jinja_value(nullptr);
  }
  if (value && value->is_object() && name == "items") return items_of(value);
  const std::string& text = string_of(value, fmt::format("method '{}'", name));
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    const std::string_view characters =
        arguments.empty() ? kPythonSpaces : string_argument(arguments, 0, name);
    return jinja_value(stripped(text, characters, name != "rstrip", name != "lstrip"));
  }
  if (name == "startswith") return jinja_value(text.starts_with(string_argument(arguments, 0, name)));
  if (name == "endswith") return jinja_value(text.ends_with(string_argument(arguments, 0, name)));
  if (name == "split") return jinja_value(split(text, string_argument(arguments, 0, name)));
  if (name == "replace")
    return jinja_value(
        replaced(text, string_argument(arguments, 0, name), string_argument(arguments, 1, name)));
  if (name == "upper") return jinja_value(with_case(text, 'a', 'z'));
  if (name == "lower") return jinja_value(with_case(text, 'A', 'Z'));
  fail(fmt::format("method '{}' is not supported", name));
}

}  // namespace conceptune::jinja
