// The `attribute` argument of filters: "a.b.0" for value.a.b[0].
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

class AttributePath {
 public:
  /// A name with points, an index, or none for the value itself.
  AttributePath(Budget& budget, const Value& attribute);

  /// What the path leads to, each step as value[name]. `otherwise`, when given, stands for undefined steps.
  Value of(Budget& budget, Value value, const Value* otherwise = nullptr) const;

 private:
  Items parts_;
};

/// The value as sorting compares it: without regard to case, if so asked.
Value sort_key(Budget& budget, const Value& value, bool case_sensitive);

}  // namespace conceptune::jinja
