// Typed access to a JSON document that is not trusted (simdjson): what is missing, of another type or there
// twice is an InputError.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/error.h"

namespace conceptune::tokenizer {

namespace dom = simdjson::dom;

class JsonValues {
 public:
  /// Both begin the messages.
  JsonValues(std::string_view doing, std::string_view where) : doing_(doing), where_(where) {}

  [[noreturn]] void fail(std::string_view problem) const { throw InputError(doing_, where_, problem); }

  /// The value of a key; nothing when it is absent or null. A key twice is refused.
  std::optional<dom::element> member(dom::element value, std::string_view key) const {
    dom::object parent;
    if (value.get(parent) != simdjson::SUCCESS) fail(fmt::format("expected an object with '{}'", key));
    std::optional<dom::element> found;
    for (const auto field : parent) {
      if (field.key != key) continue;
      if (found) fail(fmt::format("'{}' twice", key));
      found = field.value;
    }
    return found && !found->is_null() ? found : std::nullopt;
  }

  template <class T>
  T as(dom::element value, std::string_view what) const {
    T result;
    if (value.get(result) != simdjson::SUCCESS)
      fail(fmt::format("'{}' has another type than expected", what));
    return result;
  }

  dom::element object(dom::element parent, std::string_view key) const {
    const auto value = member(parent, key);
    if (!value || !value->is_object()) fail(fmt::format("expected an object '{}'", key));
    return *value;
  }

  std::string_view string(dom::element parent, std::string_view key) const {
    const auto value = member(parent, key);
    if (!value) fail(fmt::format("expected a string '{}'", key));
    return as<std::string_view>(*value, key);
  }

  bool flag(dom::element parent, std::string_view key, bool otherwise) const {
    const auto value = member(parent, key);
    return value ? as<bool>(*value, key) : otherwise;
  }

  /// Refuses a key that is not known, unless it is null.
  template <std::size_t kCount>
  void check_keys(dom::element value, const std::string_view (&known)[kCount], std::string_view what) const {
    for (const auto field : as<dom::object>(value, what))
      if (!field.value.is_null() && std::ranges::find(known, field.key) == std::end(known))
        fail(fmt::format("{} has '{}', which is not supported", what, field.key));
  }

  /// The stages of a member that may be absent, one stage, or a Sequence of stages under `list`.
  std::vector<dom::element> stages_of(const std::optional<dom::element>& value, std::string_view list) const {
    if (!value) return {};
    if (string(*value, "type") != "Sequence") return {*value};
    const auto members = member(*value, list);
    if (!members) fail(fmt::format("expected an array '{}'", list));
    std::vector<dom::element> stages;
    for (const auto stage : as<dom::array>(*members, list)) stages.push_back(stage);
    return stages;
  }

 private:
  std::string doing_;
  std::string where_;
};

}  // namespace conceptune::tokenizer
