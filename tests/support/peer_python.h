// A Python with torch, transformers and peft, for tests that hand files to them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/support/inputs.h"

namespace conceptune::test {

/// The interpreter that CONCEPTUNE_PEER_PYTHON names; empty when it names none.
inline std::string peer_python() {
  const char* python = std::getenv("CONCEPTUNE_PEER_PYTHON");
  return python ? python : "";
}

/// Whether it has a package, by the name that is imported.
inline bool peer_has(const std::string& package) {
  const std::string command = peer_python() + " -c 'import " + package + "' 2>/dev/null";
  return std::system(command.c_str()) == 0;
}

/// Runs a script of tests/reference with words that need no quoting; true when it ends with 0.
inline bool run_peer_script(const std::string& script, const std::string& words) {
  const std::string command = "HF_HUB_OFFLINE=1 '" + peer_python() + "' '" +
                              source("tests/reference/" + script).string() + "' " + words;
  return std::system(command.c_str()) == 0;
}

}  // namespace conceptune::test

/// Skips the running test where no interpreter is given.
#define CONCEPTUNE_REQUIRE_PEER_PYTHON()       \
  if (conceptune::test::peer_python().empty()) \
  GTEST_SKIP() << "needs CONCEPTUNE_PEER_PYTHON, a Python with torch, transformers and peft"

/// Skips it where that interpreter lacks a package.
#define CONCEPTUNE_REQUIRE_PEER_PACKAGE(package) \
  CONCEPTUNE_REQUIRE_PEER_PYTHON();              \
  if (!conceptune::test::peer_has(package)) GTEST_SKIP() << "needs the Python package " << (package)
