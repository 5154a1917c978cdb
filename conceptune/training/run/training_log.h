// The log of a run: one JSON object a line, the same bytes however often the run was stopped and resumed;
// beside it the same numbers as CSV and for TensorBoard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/training/options.h"
#include "conceptune/training/run/appended_file.h"

namespace conceptune::training {

class TrainingLog {
 public:
  /// Keeps the first `bytes` bytes of an existing log and goes on behind them; the other files are made anew
  /// from its lines, so that no point stands in them twice. Throws SystemError when a file cannot be opened,
  /// InputError when the log is shorter than that.
  TrainingLog(const std::filesystem::path& path, std::int64_t bytes, const LogOptions& options = {});

  /// Appends a line. What a full disk refuses is kept in memory, with a warning, and written with a later
  /// line.
  void add(const Json& line);
  /// Length of the log, with what still waits to be written.
  std::int64_t bytes() const { return lines_.bytes(); }
  /// Brings all lines to the disk; throws SystemError when it refuses.
  void sync();

 private:
  void add_to_others(const Json& line);

  AppendedFile lines_;
  std::optional<AppendedFile> csv_, events_;
};

/// All lines of a log file. Throws InputError for a line that is no JSON object.
std::vector<Json> read_training_log(const std::filesystem::path& path);

}  // namespace conceptune::training
