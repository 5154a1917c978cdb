// What a long annotation has finished so far, kept beside its output, so that a killed run goes on from
// there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/file_lock.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// A batch of finished records with what the source said about them.
struct FinishedBatch {
  Outcomes outcomes;
  Json word_counts = Json::object();  // words::ContentWordStatistics
  std::vector<ConceptRecord> records;
};

/// Whether other processes may write batches of the same work. Those that do divide them among themselves.
enum class WorkSharing { alone, shared };

/// The folder `.NAME.work` beside the output NAME: a lock, the plan and a file for each finished batch. Of
/// those who work alone one process at a time: another one on the same output is refused.
class WorkFolder {
 public:
  /// Opens or makes the folder. `plan` is everything that the records depend on. Throws InputError when
  /// another process holds the folder or its batches were made by another plan.
  WorkFolder(const std::filesystem::path& output, const Json& plan, WorkSharing sharing = WorkSharing::alone);

  /// Where the unfinished work for an output is kept.
  static std::filesystem::path path_for(const std::filesystem::path& output);
  /// Whether the folder of an output has a batch, with all of its words or not.
  static bool holds(const std::filesystem::path& output, std::int64_t batch);

  /// Whether a batch is finished and no word of it was lost to a failing server.
  bool has(std::int64_t batch) const;
  /// Keeps a finished batch; once this returns, it survives the machine's sudden end.
  void write(std::int64_t batch, const FinishedBatch& finished) const;
  FinishedBatch read(std::int64_t batch) const;
  /// Removes the folder and the files that this class writes, when the output stands.
  void remove();

 private:
  void check_plan(const Json& plan) const;
  std::filesystem::path file_of(std::int64_t batch) const;

  std::filesystem::path folder_;
  std::optional<FileLock> lock_;
};

}  // namespace conceptune::concepts
