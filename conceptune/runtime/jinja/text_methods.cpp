// The methods of text.
#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/methods.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_text.h"

namespace conceptune::jinja {
namespace {

/// A method called: the text and the arguments of one call.
struct Call {
  Budget& budget;
  const Text& text;
  std::string_view name;
  const Arguments& arguments;

  Bound bound(std::initializer_list<std::string_view> parameters, std::size_t required = 0) const {
    return {budget, fmt::format("method '{}'", name), arguments, parameters, required};
  }

  /// Arguments that bound the search to a part of the text are not supported.
  Bound bound_whole(std::string_view parameter) const {
    Bound result = bound({parameter, "/start", "/end"}, 1);
    if (result[1]) budget.refuse(fmt::format("method '{}' of a part", name));
    return result;
  }
};

Value list_of(Budget& budget, const TextParts& parts) {
  Items items(&budget);
  items.reserve(parts.size());
  for (const auto part : parts) items.push_back(text_value(budget, part));
  return list_value(budget, std::move(items));
}

using Append = void (*)(std::string_view, std::pmr::string&);

template <Append kAppend>
Value converted(const Call& call) {
  call.bound({});
  call.budget.step(call.text.size() / 8);
  Text result(&call.budget);
  kAppend(call.text, result);
  return text_value(std::move(result));
}

template <bool (*kIs)(std::string_view)>
Value is_of_case(const Call& call) {
  call.bound({});
  call.budget.step(call.text.size() / 8);
  return {kIs(call.text)};
}

/// Whether there are characters and all belong.
template <bool (*kBelongs)(char32_t)>
Value are_all(const Call& call) {
  call.bound({});
  call.budget.step(call.text.size() / 8);
  for (std::size_t i = 0; i < call.text.size(); i += code_point_at(call.text, i).size)
    if (!kBelongs(code_point_at(call.text, i).value)) return {false};
  return {!call.text.empty()};
}

Value is_ascii(const Call& call) {
  call.bound({});
  call.budget.read(call.text.size());
  return {std::ranges::all_of(call.text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })};
}

template <Ends kEnds>
Value strip(const Call& call) {
  const auto bound = call.bound({"/chars"});
  const auto* characters = bound.text_or_none(0);
  return text_value(call.budget, characters ? stripped(call.budget, call.text, kEnds, *characters)
                                            : stripped(call.budget, call.text, kEnds));
}

template <bool kFromRight>
Value split_text(const Call& call) {
  const auto bound = call.bound({"sep", "maxsplit"});
  const auto most = bound.integer(1, -1);
  const auto* separator = bound.text_or_none(0);
  if (separator && separator->empty()) call.budget.fail("an empty separator");
  if (separator && kFromRight && most >= 0)
    return list_of(call.budget, split_from_right(call.budget, call.text, *separator, most));
  if (separator) return list_of(call.budget, split(call.budget, call.text, *separator, most));
  if (kFromRight && most >= 0) call.budget.refuse("method 'rsplit' at white space with a limit");
  return list_of(call.budget, split_at_spaces(call.budget, call.text, most));
}

template <bool kFromRight>
Value partition(const Call& call) {
  const auto bound = call.bound({"/sep"}, 1);
  const auto& separator = bound.text(0);
  if (separator.empty()) call.budget.fail("an empty separator");
  auto parts = kFromRight ? split_from_right(call.budget, call.text, separator, 1)
                          : split(call.budget, call.text, separator, 1);
  if (parts.size() == 2) {
    parts.insert(parts.begin() + 1, separator);
  } else {
    parts.insert(kFromRight ? parts.begin() : parts.end(), 2, std::string_view());
  }
  Items items(&call.budget);
  for (const auto part : parts) items.push_back(text_value(call.budget, part));
  return list_value(call.budget, std::move(items), List::Form::tuple);
}

Value splitlines(const Call& call) {
  const auto bound = call.bound({"keepends"});
  return list_of(call.budget, split_lines(call.budget, call.text, bound.truth(0)));
}

Value replace(const Call& call) {
  const auto bound = call.bound({"/old", "/new", "/count"}, 2);
  return text_value(replaced(call.budget, call.text, bound.text(0), bound.text(1), bound.integer(2, -1)));
}

/// Whether the text begins or ends with the argument, or one of a tuple of them.
template <bool kAtStart>
Value has_affix(const Call& call) {
  const auto bound = call.bound_whole("/affix");
  const auto has = [&](const Text& affix) {
    call.budget.read(affix.size());
    return kAtStart ? call.text.starts_with(affix) : call.text.ends_with(affix);
  };
  if (!bound[0]->list() || bound[0]->list()->form != List::Form::tuple) return {has(bound.text(0))};
  return {std::ranges::any_of(bound[0]->list()->values, [&](const Value& value) {
    call.budget.step();
    if (!value.text()) call.budget.fail(fmt::format("method '{}' needs texts", call.name));
    return has(*value.text());
  })};
}

template <bool kAtStart>
Value without_affix(const Call& call) {
  const auto bound = call.bound({"/affix"}, 1);
  std::string_view rest = call.text;
  const auto& affix = bound.text(0);
  if (kAtStart && rest.starts_with(affix)) rest.remove_prefix(affix.size());
  if (!kAtStart && rest.ends_with(affix)) rest.remove_suffix(affix.size());
  return text_value(call.budget, rest);
}

Value count(const Call& call) {
  const auto bound = call.bound_whole("/sub");
  return {count_of(call.budget, call.text, bound.text(0))};
}

template <bool kMustBeThere>
Value find(const Call& call) {
  const auto bound = call.bound_whole("/sub");
  const auto at = find_text(call.budget, call.text, bound.text(0));
  if (at != std::string_view::npos)
    return {length_of(call.budget, std::string_view(call.text).substr(0, at))};
  if (kMustBeThere) call.budget.fail("method 'index' of what is not in the text");
  return {std::int64_t{-1}};
}

Value join(const Call& call) {
  const auto bound = call.bound({"/iterable"}, 1);
  Text result(&call.budget);
  bool is_first = true;
  const auto list = iterated(call.budget, *bound[0]);
  for (const auto& item : list->values) {
    call.budget.step();
    if (item.is<Markup>()) call.budget.refuse("method 'join' of text marked safe");
    if (!item.text()) call.budget.fail(fmt::format("method 'join' of {}", kind_of(item)));
    if (!is_first) result += call.text;
    is_first = false;
    result += *item.text();
  }
  return text_value(std::move(result));
}

struct Method {
  std::string_view name;
  Value (*run)(const Call&);
};

constexpr Method kMethods[] = {
    {"capitalize", converted<python::append_capitalize>},
    {"count", count},
    {"endswith", has_affix<false>},
    {"find", find<false>},
    {"index", find<true>},
    {"isalpha", are_all<python::is_alpha>},
    {"isascii", is_ascii},
    {"isdecimal", are_all<python::is_decimal>},
    {"isdigit", are_all<python::is_digit>},
    {"islower", is_of_case<python::is_lower_text>},
    {"isspace", are_all<is_python_space>},
    {"isupper", is_of_case<python::is_upper_text>},
    {"join", join},
    {"lower", converted<python::append_lower>},
    {"lstrip", strip<Ends::left>},
    {"partition", partition<false>},
    {"removeprefix", without_affix<true>},
    {"removesuffix", without_affix<false>},
    {"replace", replace},
    {"rpartition", partition<true>},
    {"rsplit", split_text<true>},
    {"rstrip", strip<Ends::right>},
    {"split", split_text<false>},
    {"splitlines", splitlines},
    {"startswith", has_affix<true>},
    {"strip", strip<Ends::both>},
    {"swapcase", converted<python::append_swapcase>},
    {"title", converted<python::append_title>},
    {"upper", converted<python::append_upper>},
};

}  // namespace

Value call_text_method(Budget& budget, const Text& text, std::string_view name, const Arguments& arguments) {
  const auto* method = std::ranges::find(kMethods, name, &Method::name);
  if (method == std::end(kMethods)) budget.refuse(fmt::format("method '{}'", name));
  return method->run({budget, text, name, arguments});
}

}  // namespace conceptune::jinja
