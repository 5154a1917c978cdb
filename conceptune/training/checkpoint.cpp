#include "conceptune/training/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading checkpoint";
constexpr std::string_view kPrefix = "step-";
constexpr const char* kState = "state.json";
constexpr const char* kTensors = "tensors.safetensors";
constexpr const char* kManifest = "manifest.json";
constexpr int kVersion = 1;

/// The step in a checkpoint folder's name, or nothing for another folder.
std::optional<std::int64_t> step_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + kPrefix.size(), end, step);
  return error == std::errc() && stop == end ? std::optional(step) : std::nullopt;
}

/// Checkpoint folders with their steps, newest first.
std::vector<std::pair<std::int64_t, fs::path>> list_checkpoints(const fs::path& folder) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (const auto step = step_of(entry.path()); step && entry.is_directory(error))
      found.emplace_back(*step, entry.path());
  std::sort(found.rbegin(), found.rend());
  return found;
}

Json manifest_of(const fs::path& folder) {
  Json files = Json::object();
  for (const char* name : {kState, kTensors})
    files[name] = {{"bytes", fs::file_size(folder / name)}, {"sha256", sha256_of_file(folder / name)}};
  return {{"version", kVersion}, {"files", files}};
}

Checkpoint read_checkpoint(const fs::path& folder, std::int64_t step) {
  const Json manifest = read_json_file(folder / kManifest, kDoing);
  if (manifest != manifest_of(folder))
    throw InputError(kDoing, (folder / kManifest).string(), "the files differ from the manifest");
  Checkpoint checkpoint{step, read_json_file(folder / kState, kDoing), {}};
  const weights::SafetensorsFile file(folder / kTensors);
  for (const auto& tensor : file.tensors())
    checkpoint.tensors.push_back({tensor.name, file.load(tensor.name)});
  return checkpoint;
}

}  // namespace

void write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint, std::int64_t kept) {
  AtomicFolder target(folder / fmt::format("{}{:08}", kPrefix, checkpoint.step));
  weights::write_safetensors(target.path() / kTensors, checkpoint.tensors);
  write_file_atomically(target.path() / kState, to_json_text(checkpoint.state, 1) + "\n");
  write_file_atomically(target.path() / kManifest, to_json_text(manifest_of(target.path()), 1) + "\n");
  target.commit();
  const auto existing = list_checkpoints(folder);
  for (std::size_t i = static_cast<std::size_t>(kept); i < existing.size(); ++i) {
    std::error_code ignored;  // an old checkpoint too many does no harm
    fs::remove_all(existing[i].second, ignored);
  }
}

std::optional<Checkpoint> read_newest_checkpoint(const fs::path& folder) {
  for (const auto& [step, path] : list_checkpoints(folder)) {
    try {
      return read_checkpoint(path, step);
    } catch (const std::exception& error) {
      warn(fmt::format("checkpoint {} is skipped: {}", path.string(), error.what()));
    }
  }
  return std::nullopt;
}

}  // namespace conceptune::training
