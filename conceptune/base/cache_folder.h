// Where fetched models and corpora are kept between runs.
#pragma once

#include <filesystem>

namespace conceptune {

/// The environment variable CONCEPTUNE_CACHE, else `conceptune` in XDG_CACHE_HOME, else in ~/.cache. Not made
/// here. Throws InputError when none of these variables nor HOME is set.
std::filesystem::path cache_folder();

}  // namespace conceptune
