#include "conceptune/fetch/package.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "conceptune/base/child_process.h"
#include "conceptune/base/error.h"

namespace conceptune::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "fetching";

/// The last of pip's lines that tells an error, or its last line. What it says where no index answers sounds
/// as if the package did not exist.
std::string problem_in(const std::string& output) {
  std::string last, error;
  for (std::size_t begin = 0; begin < output.size();) {
    const auto end = std::min(output.find('\n', begin), output.size());
    const auto line = output.substr(begin, end - begin);
    if (!line.empty()) last = line;
    if (line.starts_with("ERROR: ")) error = line.substr(7);
    begin = end + 1;
  }
  const bool is_offline = output.find("WARNING: Retrying (") != std::string::npos;
  if (is_offline && error.starts_with("No matching distribution"))
    return "no package index can be reached: is this machine offline?";
  return error.empty() ? last : error;
}

}  // namespace

std::string wheel_prefix(const std::string& requirement) {
  const auto sign = requirement.find("==");
  std::string name = requirement.substr(0, sign);
  std::ranges::replace(name, '-', '_');
  return fmt::format("{}-{}-", name, requirement.substr(sign + 2));
}

fs::path download_package(const std::string& requirement, const fs::path& folder,
                          const std::stop_token& stop) {
  // One Python version and these platforms, whatever the machine's own are.
  const auto outcome =
      run_child({"python3", "-m", "pip", "download", "--progress-bar=off", "--no-deps",
                 "--disable-pip-version-check", "--retries=2", "--only-binary=:all:", "--python-version=3.11",
                 "--implementation=cp", "--abi=cp311", "--abi=none", "--platform=manylinux_2_28_x86_64",
                 "--platform=manylinux_2_24_x86_64", "--platform=any", "--dest=.", requirement},
                folder, stop);
  if (stop.stop_requested()) throw Interrupted("fetching: stopped");
  if (outcome.status < 0)
    throw SystemError(
        kDoing, requirement,
        fmt::format("python3 cannot be started ({}); its pip is needed for this (Debian: python3-pip)",
                    std::generic_category().message(-outcome.status)));
  if (outcome.status != 0)
    throw SystemError(kDoing, requirement, fmt::format("pip says: {}", problem_in(outcome.output)));
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().starts_with(wheel_prefix(requirement))) return entry.path();
  throw SystemError(kDoing, requirement, "pip brought no wheel of it");
}

}  // namespace conceptune::fetch
