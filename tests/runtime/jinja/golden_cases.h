// The cases of tests/reference/jinja.json: templates with what Jinja2 makes of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::jinja {

struct GoldenCase {
  std::string source;
  std::optional<std::string> text;     // nothing where Jinja raises
  std::optional<std::string> refusal;  // what ours names where it refuses what Jinja renders
};

/// The pattern with its $ and @ replaced.
inline std::string filled(const std::string& pattern, const std::string& first, const std::string& second) {
  std::string source;
  for (const char c : pattern) c == '$' ? source += first : c == '@' ? source += second : source += c;
  return source;
}

/// A case from its text, or from a list of its text and its refusal.
inline GoldenCase golden_case(std::string source, const Json& text, const Json& refusal) {
  GoldenCase result{std::move(source), std::nullopt, std::nullopt};
  if (text.is_string()) result.text = text;
  if (refusal.is_string()) result.refusal = refusal;
  return result;
}

/// All cases of a golden file.
inline std::vector<GoldenCase> golden_cases(const Json& golden) {
  std::vector<GoldenCase> cases;
  for (const auto& item : golden.at("templates"))
    cases.push_back(golden_case(item[0], item[1], item.size() > 2 ? item[2] : Json()));
  for (const auto* group : {"one", "two"}) {
    const auto& values = golden.at(group).at("values");
    for (const auto& pattern : golden.at(group).at("patterns")) {
      const bool is_of_two = std::string(group) == "two";
      const auto columns = is_of_two ? values.size() : 1;
      for (std::size_t i = 0; i < pattern[1].size(); ++i) {
        const auto& cell = pattern[1][i];
        auto source = filled(pattern[0], values[i / columns], values[i % columns]);
        cases.push_back(cell.is_array() ? golden_case(std::move(source), cell[0], cell[1])
                                        : golden_case(std::move(source), cell, Json()));
      }
    }
  }
  return cases;
}

}  // namespace conceptune::jinja
