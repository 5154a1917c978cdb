// An interpreter for the part of Jinja2 that chat templates are written in: text, {{ }}, if, for, set,
// namespaces, filters, tests, string methods, slices. What it does not know it refuses by name; it never
// guesses.
//
// Safe on hostile templates: nothing outside its variables can be reached. Limits: kMaxDepth nested
// expressions and blocks, kMaxSteps loop rounds and kMaxOutputBytes a rendering.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "conceptune/base/json.h"

namespace conceptune::jinja {

/// A parsed template. Immutable, thread-safe.
class JinjaTemplate {
 public:
  /// Throws InputError for what is no Jinja, not of the supported part, or not valid UTF-8.
  explicit JinjaTemplate(std::string_view source);
  ~JinjaTemplate();

  /// The text with these variables, whose strings are valid UTF-8. Throws InputError when the template raises
  /// an exception, uses something undefined, or passes a limit.
  std::string render(const std::map<std::string, Json>& variables) const;

  static constexpr int kMaxDepth = 100;
  static constexpr std::size_t kMaxSteps = 200'000;
  static constexpr std::size_t kMaxOutputBytes = std::size_t{1} << 28;

 private:
  struct Body;
  std::unique_ptr<const Body> body_;
};

}  // namespace conceptune::jinja
