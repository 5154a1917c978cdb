// Replies of each server, from shapes/. Those of llama.cpp, of vLLM and, as those of another, of
// llama-cpp-python were recorded (record_shapes.py); SGLang's were written after its sources.
#pragma once

#include <string>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::servers {

inline Json reply_shape(const std::string& name) {
  return read_json_file(test::source("tests/servers/shapes/" + name + ".json"), "test");
}

}  // namespace conceptune::servers
