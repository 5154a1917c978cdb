// Replies of each server, from shapes/: written after its sources, since what they hold is known.
#pragma once

#include <string>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::servers {

inline Json reply_shape(const std::string& name) {
  return read_json_file(test::source("tests/servers/shapes/" + name + ".json"), "test");
}

}  // namespace conceptune::servers
