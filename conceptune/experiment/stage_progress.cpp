#include "conceptune/experiment/stage_progress.h"

#include <fmt/format.h>

#include <sstream>

namespace conceptune::experiment {

std::string note_of(const StageProgress& progress) {
  return fmt::format("{} {} {} {:.1f} {}", progress.done, progress.skipped, progress.total, progress.seconds,
                     progress.unit);
}

std::optional<StageProgress> progress_of(const std::string& note) {
  std::istringstream words(note);
  StageProgress progress;
  if (!(words >> progress.done >> progress.skipped >> progress.total >> progress.seconds >> progress.unit))
    return std::nullopt;
  return progress;
}

}  // namespace conceptune::experiment
