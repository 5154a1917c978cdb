// The arguments of a call, and how they fall to parameters.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

struct Arguments {
  explicit Arguments(Budget& budget) : positional(&budget), named(&budget) {}

  Items positional;
  std::pmr::vector<std::pair<std::string_view, Value>> named;
};

/// Arguments by parameter, as Python binds them.
class Bound {
 public:
  /// The first `required` parameters must be given. Parameters whose names begin with '/' cannot be given by
  /// name. `what` names the function in messages. Throws InputError where Python raises TypeError.
  Bound(Budget& budget, std::string_view what, const Arguments& arguments,
        std::initializer_list<std::string_view> parameters, std::size_t required = 0);

  /// The parameter's argument, or null.
  const Value* operator[](std::size_t parameter) const { return values_[parameter]; }

  // The parameter's argument as what it must be; the second is for parameters that may be left out or none.
  const Text& text(std::size_t parameter) const;
  std::int64_t integer(std::size_t parameter, std::int64_t otherwise) const;
  bool truth(std::size_t parameter, bool otherwise = false) const;
  const Text* text_or_none(std::size_t parameter) const;

 private:
  [[noreturn]] void fail(std::size_t parameter, std::string_view expected) const;

  Budget& budget_;
  std::string what_;
  std::pmr::vector<const Value*> values_;
};

}  // namespace conceptune::jinja
