#include "cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "cli/faults.h"
#include "cli/pace.h"
#include "conceptune/base/checkpoint_request.h"
#include "conceptune/base/error.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/utf8.h"
#include "conceptune/base/visible_text.h"

namespace conceptune::cli {
namespace {

using namespace std::chrono_literals;

std::stop_source& stop_source() {
  static std::stop_source source;
  return source;
}

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGUSR1};

int signal_pipe[2];  // from the handler to the thread that may act on it

/// Signals may arrive on any thread, also on those that libraries started before main(), so blocking them is
/// not enough; and a handler may do hardly more than write a byte.
void forward_signal(int number) {
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const ssize_t written = ::write(signal_pipe[1], &byte, 1);
}

void watch_signals() {
  if (::pipe2(signal_pipe, O_CLOEXEC) != 0) throw SystemError("starting", "signal pipe", errno);
  struct sigaction action {};
  action.sa_handler = forward_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : kSignals) ::sigaction(number, &action, nullptr);
  std::thread([] {
    for (unsigned char number = 0; ::read(signal_pipe[0], &number, 1) == 1 || errno == EINTR;) {
      if (number == 0) continue;
      if (number == SIGUSR1) {
        request_checkpoint();
        continue;
      }
      if (stop_source().stop_requested()) ::_exit(128 + number);
      stop_source().request_stop();
      std::fputs("\nstopping at the next safe point; once more to end at once\n", stderr);
    }
  }).detach();
}

/// The warnings of this process: each is told once, and again when further work has moved it up and away.
class Warnings {
 public:
  /// Whether this one is new.
  bool add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    if (!all_.insert(line).second) return false;
    recent_.push_back(line);
    return true;
  }
  /// A further stage begins to be shown.
  void move_away() {
    const std::lock_guard lock(mutex_);
    moved_away_.insert(moved_away_.end(), recent_.begin(), recent_.end());
    recent_.clear();
  }
  void repeat() {
    const std::lock_guard lock(mutex_);
    if (!moved_away_.empty()) fmt::print(stderr, "told before:\n");
    for (const auto& line : moved_away_) fmt::print(stderr, "  {}\n", line);
    moved_away_.clear();
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    all_.clear();
    recent_.clear();
  }

 private:
  std::mutex mutex_;
  std::set<std::string> all_;
  std::vector<std::string> recent_, moved_away_;
};

Warnings& warnings() {
  static Warnings all;
  return all;
}

struct Marks {
  std::string_view before, after;
};

Marks marks_of(Emphasis emphasis, bool in_colour) {
  constexpr std::string_view kPlain = "\x1b[0m";
  if (emphasis == Emphasis::strong) return in_colour ? Marks{"\x1b[1;32m", kPlain} : Marks{"*", "*"};
  if (emphasis == Emphasis::pale && in_colour) return {"\x1b[2m", kPlain};
  return {};
}

/// The first of the lines that stays within a terminal's line, else what fits of the last: a line that wraps
/// cannot be redrawn in place.
std::string fitting(const std::vector<std::string>& lines, std::size_t columns) {
  for (const auto& line : lines)
    if (count_code_points(line) < columns) return line;
  return encode_utf8(decode_utf8(lines.back()).substr(0, columns - 1));
}

std::string bar_text(double fraction) {
  constexpr int kWidth = 24;
  const int filled = static_cast<int>(fraction * kWidth);
  return std::string(filled, '#') + std::string(kWidth - filled, '.');
}

}  // namespace

std::optional<ViewSize> size_of_terminal() {
  struct winsize size {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return ViewSize{size.ws_col, size.ws_row};
}

Terminal::Terminal()
    : is_terminal_(::isatty(STDERR_FILENO) == 1),
      in_colour_(::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {
  watch_signals();
  set_message_sink([this](Severity severity, std::string_view message) {
    const bool is_warning = severity == Severity::warning;
    const auto line = fmt::format("{}{}{}", is_warning ? "warning: " : "", prefix_, visible_text(message));
    if (is_warning && !warnings().add(line)) return;
    if (is_terminal_ && !stage_.empty()) std::fputs("\r\x1b[K", stderr);
    fmt::print(stderr, "{}\n", line);
  });
}

Terminal::~Terminal() {
  set_message_sink(nullptr);
  warnings().repeat();
  warnings().forget();
}

void Terminal::begin(std::string_view stage, std::int64_t total, std::string_view unit) {
  warnings().move_away();
  stage_ = stage;
  unit_ = unit;
  note_.clear();
  total_ = total;
  done_ = skipped_ = 0;
  shown_done_ = -1;
  begun_ = shown_ = Clock::now();
  if (is_terminal_) show(false);
}

void Terminal::update(std::int64_t done, std::string_view note) {
  done_ = done;
  if (!note.empty()) note_ = note;
  const auto interval = is_terminal_ ? Clock::duration(100ms) : Clock::duration(10s);
  if (Clock::now() - shown_ >= interval) show(false);
}

void Terminal::skip(std::int64_t done) {
  skipped_ += done - done_;
  done_ = done;
  if (is_terminal_) show(false);
}

void Terminal::end() {
  if (is_terminal_ || shown_done_ != done_) show(true);
  stage_.clear();
}

std::stop_token Terminal::stop_token() const { return stop_source().get_token(); }

void Terminal::print(std::string_view line) const { write_line(visible_text(line)); }

void Terminal::print(const MarkedLine& line) const {
  std::string shown;
  for (const auto& [text, emphasis] : line) {
    const auto [before, after] = marks_of(emphasis, in_colour_);
    shown.append(before).append(visible_text(text)).append(after);
  }
  write_line(shown);
}

void Terminal::print_lines(std::string_view lines) const { write_line(visible_lines(lines)); }

void Terminal::complain(const std::exception& error) const {
  warnings().repeat();
  const auto* several = dynamic_cast<const InputErrors*>(&error);
  fmt::print(stderr, "conceptune: {}{}\n", prefix_,
             visible_text(several ? several->summary() : message_of(error)));
  if (!several) return;
  for (const auto& fault : several->faults()) fmt::print(stderr, "  {}\n", visible_text(fault));
}

void Terminal::write_line(std::string_view visible) {
  warnings().repeat();  // results come last
  if (std::fwrite(visible.data(), 1, visible.size(), stdout) != visible.size() ||
      std::fputc('\n', stdout) == EOF || std::fflush(stdout) != 0)
    throw SystemError("writing", "standard output", errno);
}

void Terminal::show(bool last) {
  shown_ = Clock::now();
  shown_done_ = done_;
  const std::string line = progress_line();
  if (is_terminal_)
    fmt::print(stderr, "\r\x1b[K{}{}", line, last ? "\n" : "");
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
}

std::string Terminal::progress_line() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const experiment::StageProgress progress{done_, skipped_, total_, seconds, unit_};
  const auto [state, pace] = pace_text(progress);
  const std::string note = note_.empty() ? "" : ", " + note_;
  const std::string padded = fmt::format("{:<22}", stage_);
  const std::string full = visible_text(padded + state + pace + note);
  if (!is_terminal_) return full;
  std::vector<std::string> lines = {full, visible_text(stage_ + state + pace + note),
                                    visible_text(stage_ + state + pace), visible_text(stage_ + state)};
  if (total_ > 0)
    lines.insert(lines.begin(),
                 visible_text(fmt::format("{} [{}]{}{}{}", padded, bar_text(fraction_done(progress)), state,
                                          pace, note)));
  constexpr ViewSize kUnknown = {1000, 0};
  return fitting(lines, size_of_terminal().value_or(kUnknown).columns);
}

}  // namespace conceptune::cli
