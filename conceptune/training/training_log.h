// The log of a run: one JSON object a line, the same bytes however often the run was stopped and resumed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::training {

class TrainingLog {
 public:
  /// Keeps the first `bytes` bytes of an existing file and goes on behind them. Throws SystemError when the
  /// file cannot be opened, InputError when it is shorter than that.
  TrainingLog(std::filesystem::path path, std::int64_t bytes);
  ~TrainingLog();
  TrainingLog(const TrainingLog&) = delete;
  TrainingLog& operator=(const TrainingLog&) = delete;

  /// Appends a line. What a full disk refuses is kept in memory, with a warning, and written with a later
  /// line.
  void add(const Json& line);
  /// Length of the file, with what still waits to be written.
  std::int64_t bytes() const { return written_ + static_cast<std::int64_t>(waiting_.size()); }
  /// Brings all lines to the disk; throws SystemError when it refuses.
  void sync();

 private:
  void write_waiting();

  std::filesystem::path path_;
  int descriptor_;
  std::int64_t written_;
  std::string waiting_;
  bool warned_ = false;
};

/// All lines of a log file. Throws InputError for a line that is no JSON object.
std::vector<Json> read_training_log(const std::filesystem::path& path);

}  // namespace conceptune::training
