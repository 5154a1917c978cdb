// The version of the library and the program. CMake reads it here.
#pragma once

#define CONCEPTUNE_VERSION_MAJOR 0
#define CONCEPTUNE_VERSION_MINOR 1
#define CONCEPTUNE_VERSION_PATCH 0

#define CONCEPTUNE_TEXT_OF_(number) #number
#define CONCEPTUNE_JOIN_VERSION_(major, minor, patch) \
  CONCEPTUNE_TEXT_OF_(major) "." CONCEPTUNE_TEXT_OF_(minor) "." CONCEPTUNE_TEXT_OF_(patch)

/// "0.1.0", as a literal.
#define CONCEPTUNE_VERSION \
  CONCEPTUNE_JOIN_VERSION_(CONCEPTUNE_VERSION_MAJOR, CONCEPTUNE_VERSION_MINOR, CONCEPTUNE_VERSION_PATCH)
