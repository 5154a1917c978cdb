#include "conceptune/training/run/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/product.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading checkpoint";
constexpr std::string_view kPrefix = "step-";
constexpr const char* kState = "state.json";
constexpr const char* kTensors = "tensors.safetensors";

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

Checkpoint read_checkpoint(const fs::path& folder, std::int64_t step) {
  const auto manifest = read_manifest(folder);
  if (!manifest || !manifest->files.contains(kState) || !manifest->files.contains(kTensors))
    throw InputError(kDoing, folder.string(), fmt::format("no {} of all its files", kManifestFile));
  check_manifest(folder, kDoing);
  Checkpoint checkpoint{step, read_json_file(folder / kState, kDoing), {}};
  const weights::SafetensorsFile file(folder / kTensors);
  for (const auto& tensor : file.tensors())
    checkpoint.tensors.push_back({tensor.name, file.load(tensor.name)});
  return checkpoint;
}

}  // namespace

void write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint, std::int64_t kept) {
  AtomicFolder target({folder / fmt::format("{}{:08}", kPrefix, checkpoint.step), Existing::replace},
                      ProductKind::checkpoint);
  weights::write_safetensors(target.path() / kTensors, checkpoint.tensors);
  write_file_atomically(target.path() / kState, to_json_text(checkpoint.state, 1) + "\n");
  target.commit();
  const auto existing = list_checkpoints(folder);
  for (std::size_t i = static_cast<std::size_t>(kept); i < existing.size(); ++i) {
    try {
      remove_product(existing[i].second, existing[i].second);
    } catch (const SystemError& error) {
      warn(error.what());  // an old checkpoint too many does no harm
    }
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
