// What every subcommand shares: messages and progress on stderr, results on stdout, Ctrl-C.
//
// This is the border at which text that came from files, servers and command lines is made visible
// (conceptune/base/visible_text.h): a terminal would obey control characters. It is so for pipes and files
// too, so that a log is as harmless as a screen. JSON keeps its meaning. In results for people, paths, names
// and texts with such characters are for reading only; whoever needs them exactly takes --json. Data goes to
// files past this border and keeps its bytes, also where the file is /dev/stdout.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "conceptune/base/marked_text.h"
#include "conceptune/base/progress.h"

namespace conceptune::cli {

/// Of a terminal, in characters.
struct ViewSize {
  std::size_t columns, rows;
};

/// Of the terminal that stderr is, as it is now; nothing where it does not tell. Some tell no rows: 0.
std::optional<ViewSize> size_of_terminal();

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

  /// Writes one line of result to stdout, JSON or for people; line feeds in it are shown like other control
  /// characters. Throws SystemError when stdout cannot take it (closed pipe, full disk).
  void print(std::string_view line) const;
  /// The same with parts that stand out: in colour on a terminal unless NO_COLOR is set (no-color.org);
  /// elsewhere what is strong stands in asterisks.
  void print(const MarkedLine& line) const;
  /// Writes several lines, whose line feeds are obeyed: for what the program laid out or wrote itself (a
  /// table, a configuration), with texts from elsewhere in it made visible already or quoted.
  void print_lines(std::string_view lines) const;

  /// Tells an error on stderr, with a line for each fault of several.
  void complain(const std::exception& error) const;

 private:
  void show(bool last);
  std::string progress_line() const;
  static void write_line(std::string_view visible);

  using Clock = std::chrono::steady_clock;
  bool is_terminal_;  // stderr
  bool in_colour_;    // results
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
