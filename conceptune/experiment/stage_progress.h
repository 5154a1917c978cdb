// How far the making of a product is, as one process tells others by its claim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace conceptune::experiment {

struct StageProgress {
  std::int64_t done = 0;
  /// Of `done`, what an earlier attempt had finished: it says nothing of the pace.
  std::int64_t skipped = 0;
  /// 0 when unknown.
  std::int64_t total = 0;
  /// Since the work, or its going on, began.
  double seconds = 0;
  /// Plural name of what is counted, "steps".
  std::string unit;
};

/// One line, and what it was made of; nothing for another line.
std::string note_of(const StageProgress& progress);
std::optional<StageProgress> progress_of(const std::string& note);

}  // namespace conceptune::experiment
