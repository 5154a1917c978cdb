#include "cli/pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace conceptune::cli {
namespace {

std::string duration_text(double seconds) {
  const std::int64_t s = std::llround(seconds);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

double fraction_done(const experiment::StageProgress& progress) {
  if (progress.total <= 0) return 0;
  return std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
}

PaceText pace_text(const experiment::StageProgress& progress) {
  const auto& [done, skipped, total, seconds, unit] = progress;
  const double rate = seconds > 0 ? static_cast<double>(done - skipped) / seconds : 0;
  PaceText text;
  text.state = total > 0
                   ? fmt::format(" {:3.0f} % {}/{} {}", 100 * fraction_done(progress), done, total, unit)
                   : fmt::format(" {} {}", done, unit);
  if (rate > 0) text.pace = fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
  text.pace += rate > 0 && total > done
                   ? fmt::format(", {} left", duration_text(static_cast<double>(total - done) / rate))
                   : fmt::format(", {}", duration_text(seconds));
  return text;
}

}  // namespace conceptune::cli
