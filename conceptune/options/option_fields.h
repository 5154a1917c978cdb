// Option structs list their fields once; parsing, printing, comparing and help all derive from that list.
//
//   struct SampleOptions {
//     int passages = 2000;
//     template <class Visitor> void visit_fields(Visitor&& visit) {
//       visit("passages", passages, "Passages to draw", at_least(1));
//     }
//   };
//
// A field is bool, an integer, a double, a string, a path, one of named values (an enum with enum_names, or a
// ListedValue), a std::vector of these, or another option struct (visited as a section).
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune {

/// The names of an enum's values, for files and messages: specialise as
///   template <> inline constexpr std::pair<const char*, Loss> enum_names<Loss>[] = {{"paper", Loss::paper},
///   …};
template <class E>
inline constexpr std::nullptr_t enum_names = nullptr;

/// A class that lists its values itself, for choices that are more than an enum: T::all(), and the name() of
/// each.
template <class T>
concept ListedValue = requires(const T& value) {
  T::all();
  { value.name() } -> std::same_as<std::string_view>;
};

template <class T>
concept NamedValue = std::is_enum_v<T> || ListedValue<T>;

/// What a value must satisfy, both ends included.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool contains(double value) const { return value >= low && value <= high; }
  /// "at least 1", "between 0 and 1"; empty for no limit.
  std::string text() const;
};

/// What a field decides. Everything that depends on it (what a product is known by, what a grid may vary)
/// reads it here, where the field is declared.
enum class Decides {
  /// What comes out.
  results,
  /// How fast, with how much memory or how safely: the results are the same to the bit, or, where only the
  /// order of sums
  /// changes, to rounding (the field says so).
  cost,
  /// Something that all arms of an experiment share.
  experiment
};

template <>
inline constexpr std::pair<const char*, Decides> enum_names<Decides>[] = {
    {"results", Decides::results}, {"cost", Decides::cost}, {"whole experiment", Decides::experiment}};

/// What visit_fields() may tell of a field besides its description: `visit("readers", readers, "…",
/// cost(between(1, 256)))`. What a section decides, all of its fields do.
struct FieldFacts {
  Range range;
  Decides decides = Decides::results;

  FieldFacts() = default;
  FieldFacts(const Range& limits) : range(limits) {}  // NOLINT(google-explicit-constructor)
  FieldFacts(const Range& limits, Decides what) : range(limits), decides(what) {}
};

inline FieldFacts cost(const Range& range = {}) { return {range, Decides::cost}; }
inline FieldFacts whole_experiment(const Range& range = {}) { return {range, Decides::experiment}; }

inline Range at_least(double low) { return {low, std::numeric_limits<double>::infinity()}; }
inline Range between(double low, double high) { return {low, high}; }

/// Name of a named value.
template <NamedValue T>
std::string_view name_of(const T& value) {
  if constexpr (ListedValue<T>) {
    return value.name();
  } else {
    for (const auto& [name, candidate] : enum_names<T>)
      if (candidate == value) return name;
    return "?";
  }
}

/// Every value of the type, in the order of its list.
template <NamedValue T>
std::vector<T> values_of() {
  if constexpr (ListedValue<T>) {
    return T::all();
  } else {
    std::vector<T> values;
    for (const auto& [name, value] : enum_names<T>) values.push_back(value);
    return values;
  }
}

/// Value with that name, or nothing.
template <NamedValue T>
std::optional<T> value_named(std::string_view name) {
  for (const T& value : values_of<T>())
    if (name == name_of(value)) return value;
  return std::nullopt;
}

/// "paper, blended, weighted-ce": what a named value may be, for messages.
template <NamedValue T>
std::string names_of() {
  std::string text;
  for (const T& value : values_of<T>()) text += (text.empty() ? "" : ", ") + std::string(name_of(value));
  return text;
}

/// The candidate with the smallest edit distance to `name` when it is at most 3, else empty.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
concept OptionStruct = requires(T& t) {
  t.visit_fields([](auto&&...) {});
};

/// All values of an option struct as JSON, sections as objects; named values by name.
template <class Options>
Json options_to_json(const Options& options);

template <class T>
Json field_to_json(const T& value) {
  if constexpr (OptionStruct<T>) {
    return options_to_json(value);
  } else if constexpr (NamedValue<T>) {
    return std::string(name_of(value));
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return value.string();
  } else if constexpr (is_vector<T>) {
    Json list = Json::array();
    for (const auto& item : value) list.push_back(field_to_json(item));
    return list;
  } else {
    return value;
  }
}

template <class Options>
Json options_to_json(const Options& options) {
  Json object = Json::object();
  // visit_fields hands out references; nothing is changed through them here.
  const_cast<Options&>(options).visit_fields(
      [&](const char* name, const auto& value, auto&&...) { object[name] = field_to_json(value); });
  return object;
}

/// The fields that decide the results alone: two options of the same JSON give the same products.
template <class Options>
Json results_options_to_json(const Options& options) {
  Json object = Json::object();
  // visit_fields hands out references; nothing is changed through them here.
  const_cast<Options&>(options).visit_fields(
      [&]<class T>(const char* name, const T& value, std::string_view, const FieldFacts& facts = {}) {
        if (facts.decides != Decides::results) return;
        if constexpr (OptionStruct<T>)
          object[name] = results_options_to_json(value);
        else
          object[name] = field_to_json(value);
      });
  return object;
}

/// Takes what is wrong with a field, named as in visit_fields().
using ReportProblem = std::function<void(const char* field, const std::string& problem)>;

/// An option struct may know more than its fields' ranges: how they go together.
template <class T>
concept CheckedOptions = requires(const T& t, const ReportProblem& report) {
  t.check(report);
};

/// What is wrong although every field is in its range: "corpus.shorter_than" and why.
struct OptionProblem {
  std::string key;
  std::string problem;

  bool operator==(const OptionProblem&) const = default;
};

/// What check() of an option struct and of its sections reports, with `prefix` before the fields' names.
template <class Options>
std::vector<OptionProblem> find_option_problems(const Options& options, const std::string& prefix = "") {
  std::vector<OptionProblem> problems;
  if constexpr (CheckedOptions<Options>)
    options.check([&](const char* field, const std::string& problem) {
      problems.push_back({prefix + field, problem});
    });
  // visit_fields hands out references; nothing is changed through them here.
  const_cast<Options&>(options).visit_fields([&]<class T>(const char* name, const T& value, auto&&...) {
    if constexpr (OptionStruct<T>)
      for (auto& problem : find_option_problems(value, prefix + name + "."))
        problems.push_back(std::move(problem));
  });
  return problems;
}

/// The names of an option struct's own fields.
template <class Options>
std::vector<std::string> field_names() {
  std::vector<std::string> names;
  Options options;
  options.visit_fields([&](const char* name, auto&&...) { names.emplace_back(name); });
  return names;
}

}  // namespace conceptune
