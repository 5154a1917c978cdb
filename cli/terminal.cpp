#include "cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "cli/faults.h"
#include "conceptune/base/checkpoint_request.h"
#include "conceptune/base/error.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/base/messages.h"
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

std::string duration_text(double seconds) {
  const std::int64_t s = std::llround(seconds);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
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

std::string bar_text(double fraction) {
  constexpr int kWidth = 24;
  const int filled = static_cast<int>(fraction * kWidth);
  return std::string(filled, '#') + std::string(kWidth - filled, '.');
}

}  // namespace

Terminal::Terminal()
    : is_terminal_(::isatty(STDERR_FILENO) == 1),
      in_colour_(::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {
  watch_signals();
  set_message_sink([this](Severity severity, std::string_view message) {
    if (is_terminal_ && !stage_.empty()) std::fputs("\r\x1b[K", stderr);
    fmt::print(stderr, "{}{}{}\n", severity == Severity::warning ? "warning: " : "", prefix_,
               visible_text(message));
  });
}

Terminal::~Terminal() { set_message_sink(nullptr); }

void Terminal::begin(std::string_view stage, std::int64_t total, std::string_view unit) {
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
  const auto* several = dynamic_cast<const InputErrors*>(&error);
  fmt::print(stderr, "conceptune: {}{}\n", prefix_,
             visible_text(several ? several->summary() : message_of(error)));
  if (!several) return;
  for (const auto& fault : several->faults()) fmt::print(stderr, "  {}\n", visible_text(fault));
}

void Terminal::write_line(std::string_view visible) {
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
  const double rate = seconds > 0 ? static_cast<double>(done_ - skipped_) / seconds : 0;
  std::string line = fmt::format("{:<22}", stage_);
  if (total_ > 0) {
    const double fraction = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    if (is_terminal_) line += fmt::format(" [{}]", bar_text(fraction));
    line += fmt::format(" {:3.0f} % {}/{} {}", 100 * fraction, done_, total_, unit_);
  } else {
    line += fmt::format(" {} {}", done_, unit_);
  }
  if (rate > 0) line += fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
  if (rate > 0 && total_ > done_)
    line += fmt::format(", {} left", duration_text(static_cast<double>(total_ - done_) / rate));
  else
    line += fmt::format(", {}", duration_text(seconds));
  if (!note_.empty()) line += ", " + note_;
  return visible_text(line);
}

}  // namespace conceptune::cli
