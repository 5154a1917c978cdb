#include "conceptune/base/product.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/messages.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReading = "reading manifest";
constexpr int kVersion = 1;

struct KindFacts {
  ProductKind kind;
  const char* key;   // in manifests
  const char* name;  // in messages
  const char* card;  // the file that tells the kind
};

// A folder that has several of these cards is what the first of them says.
constexpr KindFacts kKinds[] = {
    {ProductKind::run, "run", "run of an experiment", "run.sqlite"},
    {ProductKind::training, "training", "training run", "run.json"},
    {ProductKind::checkpoint, "checkpoint", "checkpoint", "state.json"},
    {ProductKind::results, "results", "evaluation", "results.json"},
    {ProductKind::dataset, "dataset", "concept dataset", "dataset.json"},
    {ProductKind::corpus, "corpus", "sample of passages", "corpus.json"},
    {ProductKind::adapter, "adapter", "adapter", "adapter_config.json"},
    {ProductKind::model, "model", "model", "config.json"},
};

const KindFacts& facts_of(ProductKind kind) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [kind](const KindFacts& facts) { return facts.kind == kind; });
}

std::optional<ProductKind> kind_of_key(const std::string& key) {
  for (const auto& facts : kKinds)
    if (key == facts.key) return facts.kind;
  return std::nullopt;
}

/// Whether a path of a manifest stays below its folder.
bool is_inside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return !path.empty() && normal.is_relative() && *normal.begin() != ".." && normal.string() == path;
}

Manifest manifest_from_json(const Json& json, const std::string& where) {
  Manifest manifest;
  try {
    if (json.at("version") != kVersion)
      throw InputError(kReading, where,
                       fmt::format("version {}, expected {}", json.at("version").dump(), kVersion));
    if (json.contains("kind")) {
      manifest.kind = kind_of_key(json["kind"].get<std::string>());
      if (!manifest.kind)
        throw InputError(kReading, where, fmt::format("kind {} is not known", json["kind"].dump()));
    }
    manifest.files = file_list_from_json(json.at("files"), kReading, where);
  } catch (const Json::exception& error) {
    throw InputError(kReading, where, error.what());
  }
  return manifest;
}

/// Removes the files of a manifest, the manifest and folders that are empty then; true when nothing is left.
bool remove_files(const fs::path& folder, const Manifest& manifest) {
  std::error_code ignored;
  for (const auto& [path, facts] : manifest.files) {
    fs::remove(folder / path, ignored);
    for (fs::path parent = fs::path(path).parent_path(); !parent.empty(); parent = parent.parent_path())
      if (!fs::remove(folder / parent, ignored)) break;
  }
  for (const char* name : {kManifestFile, kLockFile}) fs::remove(folder / name, ignored);
  return fs::remove(folder, ignored);
}

bool has_size(const fs::path& file, std::int64_t bytes) {
  std::error_code error;
  return static_cast<std::int64_t>(fs::file_size(file, error)) == bytes && !error;
}

/// Or as old.
bool is_older_than(const fs::path& file, fs::file_time_type time) {
  std::error_code error;
  return fs::last_write_time(file, error) <= time && !error;
}

}  // namespace

std::string_view name_of(ProductKind kind) { return facts_of(kind).name; }

std::optional<ProductKind> product_in(const fs::path& folder) {
  std::error_code error;
  for (const auto& facts : kKinds)
    if (fs::is_regular_file(folder / facts.card, error)) return facts.kind;
  return std::nullopt;
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().lexically_relative(folder).generic_string();
    if (entry.is_regular_file() && path != kManifestFile && entry.path().filename() != kLockFile)
      files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

FileList list_files(const fs::path& folder) {
  FileList files;
  for (const auto& path : files_below(folder))
    files[path] = {static_cast<std::int64_t>(fs::file_size(folder / path)), sha256_of_file(folder / path)};
  return files;
}

Json to_json(const FileList& files) {
  Json json = Json::object();
  for (const auto& [path, facts] : files) json[path] = {{"bytes", facts.bytes}, {"sha256", facts.sha256}};
  return json;
}

FileList file_list_from_json(const Json& json, std::string_view doing, std::string_view where) {
  FileList files;
  for (const auto& [path, facts] : json.items()) {
    if (!is_inside(path)) throw InputError(doing, where, fmt::format("'{}' is no path below it", path));
    files[path] = {facts.at("bytes").get<std::int64_t>(), facts.at("sha256").get<std::string>()};
  }
  return files;
}

void write_manifest(const fs::path& folder, ProductKind kind) {
  const Json manifest = {
      {"version", kVersion}, {"kind", facts_of(kind).key}, {"files", to_json(list_files(folder))}};
  write_file_atomically(folder / kManifestFile, to_json_text(manifest, 1) + "\n");
}

std::optional<Manifest> read_manifest(const fs::path& folder) {
  const fs::path path = folder / kManifestFile;
  if (!fs::exists(path)) return std::nullopt;
  return manifest_from_json(read_json_file(path, kReading), path.string());
}

std::string difference_of(const fs::path& path, const FileFacts& expected) {
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(fs::file_size(path, error));
  if (error) return "is missing";
  if (bytes != expected.bytes) return fmt::format("has {} bytes, expected {}", bytes, expected.bytes);
  if (sha256_of_file(path) != expected.sha256) return "has other content than was written";
  return {};
}

void check_manifest(const fs::path& folder, std::string_view doing) {
  const auto manifest = read_manifest(folder);
  if (!manifest) return;
  for (const auto& [path, facts] : manifest->files)
    if (const auto difference = difference_of(folder / path, facts); !difference.empty())
      throw InputError(doing, (folder / path).string(), difference);
}

void check_unchanged(const fs::path& path, std::string_view doing) {
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  const fs::path resolved = resolved_path(path), folder = is_folder ? path : resolved.parent_path();
  const auto manifest = read_manifest(folder);
  if (!manifest) return;
  const auto written = fs::last_write_time(folder / kManifestFile, error);
  for (const auto& [name, facts] : manifest->files) {
    const fs::path file = folder / name;
    if (!is_folder && file != resolved) continue;
    if (is_older_than(file, written) && has_size(file, facts.bytes)) continue;
    if (const auto difference = difference_of(file, facts); !difference.empty())
      throw InputError(
          doing, file.string(),
          fmt::format("{} (by {}; remove that one where the change is meant)", difference, kManifestFile));
  }
}

fs::path keep_aside(const fs::path& folder, const fs::path& name) {
  fs::path kept;
  for (int number = 1; kept.empty() || fs::exists(fs::symlink_status(kept)); ++number) {
    kept = name;
    kept += fmt::format(".kept-{}", number);
  }
  std::error_code error;
  fs::rename(folder, kept, error);
  if (error) throw SystemError("keeping aside", folder.string(), error.message());
  return kept;
}

void remove_product(const fs::path& folder, const fs::path& name) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  std::optional<Manifest> manifest;
  try {
    manifest = read_manifest(folder);
  } catch (const InputError&) {
    // A manifest that cannot be read names nothing that may be removed.
  }
  if (manifest && remove_files(folder, *manifest)) return;
  warn(fmt::format("{} held files that are no part of it; they are kept in {}", name.string(),
                   keep_aside(folder, name).string()));
}

}  // namespace conceptune
