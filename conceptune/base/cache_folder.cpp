#include "conceptune/base/cache_folder.h"

#include <cstdlib>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

/// Value of an environment variable; null when it is unset or empty.
const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

std::filesystem::path cache_folder() {
  if (const char* folder = environment("CONCEPTUNE_CACHE")) return folder;
  if (const char* folder = environment("XDG_CACHE_HOME")) return std::filesystem::path(folder) / "conceptune";
  if (const char* folder = environment("HOME"))
    return std::filesystem::path(folder) / ".cache" / "conceptune";
  throw InputError("finding the cache folder", "environment",
                   "expected CONCEPTUNE_CACHE, XDG_CACHE_HOME or HOME");
}

}  // namespace conceptune
