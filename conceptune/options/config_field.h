// The fields of option structs as one flat list of dotted keys ("training.learning_rate"). Reading, printing,
// comparing and documenting a configuration all work on that list.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::experiment {

/// One field of an option struct that the list was made from; it refers to that struct.
struct ConfigField {
  std::string key;
  std::string description;
  /// What the value must be, for messages and documentation: "an integer, at least 1".
  std::string expected;
  /// Whether the value is a path or a list of paths.
  bool is_path = false;
  /// Whether the value is an integer of 32 bits, which `expected` does not tell.
  bool is_int32 = false;
  Decides decides = Decides::results;
  std::function<Json()> value;
  /// Sets the field; false, and nothing changed, when the value is not what is expected. Relative paths are
  /// taken from `folder`.
  std::function<bool(const Json& value, const std::filesystem::path& folder)> assign;
};

namespace detail {

template <class T>
std::string expected_text(const Range& range) {
  std::string limits = range.text().empty() ? "" : ", " + range.text();
  if (std::is_unsigned_v<T> && limits.empty()) limits = ", at least 0";
  if constexpr (is_vector<T>) return "a list, each " + expected_text<typename T::value_type>(range);
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  if constexpr (NamedValue<T>) return "one of " + names_of<T>();
  if constexpr (std::is_integral_v<T>) return "an integer" + limits;
  if constexpr (std::is_floating_point_v<T>) return "a number" + limits;
  if constexpr (std::is_same_v<T, std::filesystem::path>) return "a path";
  return "a string";
}

/// The value that `json` stands for, or nothing when it is of another type or out of range.
template <class T>
std::optional<T> value_from_json(const Json& json, const Range& range, const std::filesystem::path& folder) {
  if constexpr (is_vector<T>) {
    if (!json.is_array()) return std::nullopt;
    T list;
    for (const auto& item : json) {
      auto value = value_from_json<typename T::value_type>(item, range, folder);
      if (!value) return std::nullopt;
      list.push_back(std::move(*value));
    }
    return list;
  } else if constexpr (std::is_same_v<T, bool>) {
    return json.is_boolean() ? std::optional(json.get<bool>()) : std::nullopt;
  } else if constexpr (NamedValue<T>) {
    return json.is_string() ? value_named<T>(json.get<std::string>()) : std::nullopt;
  } else if constexpr (std::is_integral_v<T>) {
    if (!json.is_number_integer()) return std::nullopt;
    const auto value = json.get<std::int64_t>();
    if (!std::in_range<T>(value) || !range.contains(static_cast<double>(value))) return std::nullopt;
    return static_cast<T>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!json.is_number() || !std::isfinite(json.get<double>()) || !range.contains(json.get<double>()))
      return std::nullopt;
    return json.get<T>();
  } else {
    if (!json.is_string()) return std::nullopt;
    const auto text = json.get<std::string>();
    if constexpr (std::is_same_v<T, std::filesystem::path>)
      return text.empty() ? T() : (folder / text).lexically_normal();
    else
      return text;
  }
}

template <class T>
inline constexpr bool is_path_type =
    std::is_same_v<T, std::filesystem::path> || std::is_same_v<T, std::vector<std::filesystem::path>>;

}  // namespace detail

/// Appends the fields of `options`, sections included, with `prefix` before their names. `section` is what
/// the section decides that holds them.
template <class Options>
void append_fields(Options& options, const std::string& prefix, std::vector<ConfigField>& fields,
                   Decides section = Decides::results) {
  options.visit_fields(
      [&]<class T>(const char* name, T& value, std::string_view description, const FieldFacts& facts = {}) {
        const Range& range = facts.range;
        const Decides decides = section == Decides::results ? facts.decides : section;
        const std::string key = prefix + name;
        if constexpr (OptionStruct<T>) {
          append_fields(value, key + ".", fields, decides);
        } else {
          fields.push_back({key, std::string(description), detail::expected_text<T>(range),
                            detail::is_path_type<T>, std::is_same_v<T, int>, decides,
                            [&value] { return field_to_json(value); },
                            [&value, range](const Json& json, const std::filesystem::path& folder) {
                              auto parsed = detail::value_from_json<T>(json, range, folder);
                              if (!parsed) return false;
                              value = std::move(*parsed);
                              return true;
                            }});
        }
      });
}

/// The fields of `options` in their order; `options` must outlive the list.
template <class Options>
std::vector<ConfigField> list_fields(Options& options) {
  std::vector<ConfigField> fields;
  append_fields(options, "", fields);
  return fields;
}

/// The field with that key, or null.
const ConfigField* find_field(const std::vector<ConfigField>& fields, std::string_view key);

/// "unknown key 'training.epoch', did you mean 'training.epochs'?": the suggestion is the nearest key, or a
/// key of another section with the same last name; without either it is left out.
std::string unknown_key_message(const std::vector<ConfigField>& fields, std::string_view key);

/// The fields as TOML that reads back to the same values: section headings and one key a line.
std::string fields_to_toml(const std::vector<ConfigField>& fields);

/// A value as a TOML literal.
std::string to_toml_literal(const Json& value);

/// "λ 0.5", "seed 2", "files c4+owt": a setting that tells arms apart, short. Of a path its last name without
/// the endings of file formats, of a list's texts what stands before their first dots.
std::string setting_label(const std::string& key, const Json& value);

/// A Markdown table of fields without sections: key, default, what is expected, description.
std::string document_table(const std::vector<ConfigField>& fields);

/// A Markdown table for each section: key, default, what is expected and decided, description.
std::string document_fields(const std::vector<ConfigField>& fields);

}  // namespace conceptune::experiment
