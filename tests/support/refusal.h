// What the library says when it refuses an input.
#pragma once

#include <string>

#include "conceptune/base/error.h"

namespace conceptune::test {

/// The message of the InputError that `action` throws, or "no error".
template <class Action>
std::string refusal_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace conceptune::test
