// What every subcommand shares: messages and progress on stderr, results on stdout, Ctrl-C.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "conceptune/base/progress.h"

namespace conceptune::cli {

/// Shows progress on stderr: on a terminal one line redrawn in place with rate and time left, elsewhere a
/// plain line every few seconds, so that logs stay readable.
class Terminal : public ProgressObserver {
 public:
  /// Routes the library's messages to stderr. SIGINT and SIGTERM become a stop request; a second one ends the
  /// program at once. SIGUSR1 asks for a checkpoint.
  Terminal();
  ~Terminal() override;

  void begin(std::string_view stage, std::int64_t total, std::string_view unit) override;
  void update(std::int64_t done, std::string_view note) override;
  void skip(std::int64_t done) override;
  void end() override;

  std::stop_token stop_token() const;

  /// Put before messages and errors, e.g. "rank 1: ".
  void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }
  const std::string& prefix() const { return prefix_; }

  /// Writes one line of result to stdout; throws SystemError when stdout cannot take it (closed pipe, full
  /// disk).
  void print(std::string_view line) const;

 private:
  void show(bool last);
  std::string progress_line() const;

  using Clock = std::chrono::steady_clock;
  bool is_terminal_;
  std::string prefix_;
  std::string stage_;
  std::string unit_;
  std::string note_;
  std::int64_t total_ = 0;
  std::int64_t done_ = 0;
  std::int64_t skipped_ = 0;
  std::int64_t shown_done_ = -1;
  Clock::time_point begun_;
  Clock::time_point shown_;
};

}  // namespace conceptune::cli
