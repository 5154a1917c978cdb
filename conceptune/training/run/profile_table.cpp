#include "conceptune/training/run/profile_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace conceptune::training {
namespace {

std::string line_of(const std::string& name, double seconds, double flop, const ProfileFrame& frame) {
  std::string line = fmt::format("{:<28}{:>10.2f} s{:>8.1f} %", name, seconds, 100 * seconds / frame.seconds);
  if (flop > 0 && seconds > 0) {
    const double rate = flop / seconds;
    line += fmt::format("{:>12.1f}{:>10.1f} %", rate / 1e9, 100 * rate / frame.product_rate);
  }
  return line + "\n";
}

}  // namespace

std::string profile_table(const std::vector<kernels::ProfiledOperation>& operations,
                          const ProfileFrame& frame) {
  std::string table =
      fmt::format("{:<28}{:>12}{:>10}{:>12}{:>12}\n", "operation", "time", "share", "GFLOP/s", "of limit");
  double accounted = 0, flop = 0;
  for (const auto& operation : operations) {
    const double seconds = operation.thread_seconds / frame.threads;
    accounted += seconds;
    flop += operation.flop;
    table += line_of(operation.name, seconds, operation.flop, frame);
  }
  table += line_of("other, and waiting", std::max(0.0, frame.seconds - accounted), 0, frame);
  return table + line_of("all", frame.seconds, flop, frame);
}

}  // namespace conceptune::training
