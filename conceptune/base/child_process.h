// Other programs that ours starts, for what they do better.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace conceptune {

/// How another program ended.
struct ChildOutcome {
  int status = 0;  // its exit status; 128 + the signal that ended it; below 0 the errno (negative) that kept
                   // it from starting
  std::string output;  // the last 64 KiB of what it wrote to stdout and stderr
};

/// Runs `command` (a program found on the PATH and its arguments) in `folder`, with nothing on its standard
/// input, until it ends. It is terminated when `stop` asks.
ChildOutcome run_child(const std::vector<std::string>& command, const std::filesystem::path& folder,
                       const std::stop_token& stop = {});

}  // namespace conceptune
