// Checkpoints: folders that appear whole or not at all, and prove on reading that no byte of them changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::training {

struct Checkpoint {
  std::int64_t step = 0;
  /// Small values: counters, the best loss, …
  Json state;
  std::vector<weights::NamedMatrix> tensors;
};

/// Writes `folder`/step-NNNNNNNN with a manifest of sizes and SHA-256 as its last file, then removes all but
/// the `kept` newest. Throws SystemError when the disk refuses; the ones before are kept then.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint, std::int64_t kept);

/// The newest checkpoint of `folder` that is whole. Damaged ones are skipped with a warning that names the
/// damage; nothing when there is none.
std::optional<Checkpoint> read_newest_checkpoint(const std::filesystem::path& folder);

}  // namespace conceptune::training
