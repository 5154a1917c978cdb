#include "cli/pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/quantity.h"

namespace conceptune::cli {
namespace {

/// "1:02:03", as a clock that runs.
std::string clock_text(double seconds) {
  const std::int64_t s = std::llround(seconds);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

/// An amount with its unit.
std::string amount_text(std::int64_t amount, const std::string& unit) {
  return unit == "bytes" ? bytes_text(amount) : fmt::format("{} {}", count_text(amount), unit);
}

/// The same of a total.
std::string share_text(std::int64_t done, std::int64_t total, const std::string& unit) {
  if (unit == "bytes") return fmt::format("{} of {}", bytes_text(done), bytes_text(total));
  return fmt::format("{}/{} {}", count_text(done), count_text(total), unit);
}

/// What takes less tells of the clock's grain, not of a rate.
constexpr double kLeastSeconds = 0.01;

/// Units a second, or the time of one where it takes more than ten.
std::string rate_text(double rate, const std::string& unit) {
  if (unit == "bytes") return bytes_text(std::llround(rate)) + "/s";
  if (rate < 0.1) return clock_text(1 / rate) + " each";
  return rate < 10 ? fmt::format("{:.1f}/s", rate) : count_text(std::llround(rate)) + "/s";
}

}  // namespace

double fraction_done(const experiment::StageProgress& progress) {
  if (progress.total <= 0) return 0;
  return std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
}

PaceText pace_text(const experiment::StageProgress& progress) {
  const auto& [done, skipped, total, seconds, unit] = progress;
  const double rate = seconds > kLeastSeconds ? static_cast<double>(done - skipped) / seconds : 0;
  PaceText text;
  text.state =
      total > 0 ? fmt::format(" {:3.0f} % {}", 100 * fraction_done(progress), share_text(done, total, unit))
                : fmt::format(" {}", amount_text(done, unit));
  if (rate > 0) text.pace = fmt::format(", {}", rate_text(rate, unit));
  text.pace += rate > 0 && total > done
                   ? fmt::format(", {} left", clock_text(static_cast<double>(total - done) / rate))
                   : fmt::format(", {}", clock_text(seconds));
  return text;
}

}  // namespace conceptune::cli
