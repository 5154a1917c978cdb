// The folders that the program makes: what kind each is, which files belong to it, and whether these are
// still what was written. A finished product holds `manifest.json` with the size and SHA-256 of each of its
// files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune {

enum class ProductKind { corpus, dataset, adapter, model, checkpoint, training, results, run };

/// "concept dataset", for messages.
std::string_view name_of(ProductKind kind);

/// The kind of product that a folder holds, finished or not, told by its card ("dataset.json", …); nothing
/// for another folder.
std::optional<ProductKind> product_in(const std::filesystem::path& folder);

struct FileFacts {
  std::int64_t bytes = 0;
  std::string sha256;

  bool operator==(const FileFacts&) const = default;
};

/// The files of a folder by their path in it, with '/' between names.
using FileList = std::map<std::string, FileFacts>;

/// {"PATH": {"bytes": …, "sha256": …}, …}, as manifests hold it.
Json to_json(const FileList& files);
/// Throws InputError, which `doing` and `where` begin, for a path that leads out of the folder, and
/// Json::exception for what to_json() does not give.
FileList file_list_from_json(const Json& json, std::string_view doing, std::string_view where);

struct Manifest {
  /// Absent in checkpoints of the first releases.
  std::optional<ProductKind> kind;
  FileList files;
};

inline constexpr const char* kManifestFile = "manifest.json";
/// Held by the process that writes into a folder; no part of a product.
inline constexpr const char* kLockFile = "lock";

/// The regular files below a folder, but the manifest at its top and locks.
std::vector<std::string> files_below(const std::filesystem::path& folder);

/// Size and SHA-256 of all files_below().
FileList list_files(const std::filesystem::path& folder);

/// Writes manifest.json over all files that are there.
void write_manifest(const std::filesystem::path& folder, ProductKind kind);

/// Nothing where there is none. Throws InputError for one that write_manifest() could not have written.
std::optional<Manifest> read_manifest(const std::filesystem::path& folder);

/// "has 812 bytes, expected 905", "is missing", …; empty when the file is what is expected.
std::string difference_of(const std::filesystem::path& path, const FileFacts& expected);

/// Throws InputError that names the first file which is not what the folder's manifest says. A folder without
/// a manifest passes.
void check_manifest(const std::filesystem::path& folder, std::string_view doing);

/// The same for what is about to be used: a file is read only where its size or its time of change (after the
/// manifest's) says that it may differ. `path` is a product's folder or a file in it.
void check_unchanged(const std::filesystem::path& path, std::string_view doing);

/// Renames a folder to `NAME.kept-N`, the first of these names beside `name` that is free, and gives that
/// path.
std::filesystem::path keep_aside(const std::filesystem::path& folder, const std::filesystem::path& name);

/// Removes a product: the files of its manifest, and folders that are empty then. Where other files lie in
/// it, they are kept aside, and a warning tells so; a folder without a manifest is kept so as a whole.
void remove_product(const std::filesystem::path& folder, const std::filesystem::path& name);

}  // namespace conceptune
