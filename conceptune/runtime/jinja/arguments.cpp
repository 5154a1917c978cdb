#include "conceptune/runtime/jinja/arguments.h"

#include <fmt/format.h>

#include <algorithm>

namespace conceptune::jinja {

Bound::Bound(Budget& budget, std::string_view what, const Arguments& arguments,
             std::initializer_list<std::string_view> parameters, std::size_t required)
    : budget_(budget), what_(what), values_(parameters.size(), nullptr, &budget) {
  if (arguments.positional.size() > parameters.size())
    budget.fail(fmt::format("{} takes at most {} arguments", what, parameters.size()));
  std::ranges::transform(arguments.positional, values_.begin(), [](const Value& value) { return &value; });
  for (const auto& [name, value] : arguments.named) {
    const auto index = static_cast<std::size_t>(std::ranges::find(parameters, name) - parameters.begin());
    if (index == parameters.size()) budget.fail(fmt::format("{} has no argument '{}'", what, name));
    if (values_[index]) budget.fail(fmt::format("{} is given '{}' twice", what, name));
    values_[index] = &value;
  }
  for (std::size_t i = 0; i < required; ++i)
    if (!values_[i]) fail(i, "an argument");
}

const Text& Bound::text(std::size_t parameter) const {
  const auto* value = values_[parameter];
  if (!value || !value->text()) fail(parameter, "text");
  return *value->text();
}

const Text* Bound::text_or_none(std::size_t parameter) const {
  const auto* value = values_[parameter];
  return !value || value->is<None>() ? nullptr : &text(parameter);
}

std::int64_t Bound::integer(std::size_t parameter, std::int64_t otherwise) const {
  const auto* value = values_[parameter];
  const auto integer = value ? value->as_integer() : otherwise;
  if (!integer) fail(parameter, "an integer");
  return *integer;
}

bool Bound::truth(std::size_t parameter, bool otherwise) const {
  const auto* value = values_[parameter];
  return value ? is_true(*value) : otherwise;
}

void Bound::fail(std::size_t parameter, std::string_view expected) const {
  const auto* value = values_[parameter];
  if (value && value->is<Markup>()) budget_.refuse(fmt::format("{} with text marked safe", what_));
  budget_.fail(fmt::format("{} needs {} as argument {}, not {}", what_, expected, parameter + 1,
                           value ? kind_of(*value) : "nothing"));
}

}  // namespace conceptune::jinja
