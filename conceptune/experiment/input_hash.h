// What an input is known by: the SHA-256 of its content.
#pragma once

#include <filesystem>
#include <string>

#include "conceptune/base/json.h"
#include "conceptune/experiment/store.h"
#include "conceptune/options/config_field.h"

namespace conceptune::experiment {

/// SHA-256 of a file's content. The store remembers the hashes of files that have not changed since, by size
/// and time. Throws InputError when the file cannot be read.
std::string hash_file(const std::filesystem::path& path, RunStore& store);

/// SHA-256 of a file, or of the names and hashes of all files in a folder. Throws InputError when the path
/// cannot be read.
std::string hash_input(const std::filesystem::path& path, RunStore& store);

/// The values of those `fields` that decide results, by key, with the hashes of the contents in the place of
/// paths ("" for an empty path, null for one where nothing is): two recipes are equal exactly when they ask
/// for the same work on the same inputs.
Json recipe_of(const std::vector<ConfigField>& fields, RunStore& store);

}  // namespace conceptune::experiment
