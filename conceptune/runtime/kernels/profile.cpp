#include "conceptune/runtime/kernels/profile.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>

#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::kernels {
namespace {

struct Counts {
  std::mutex mutex;
  std::map<std::string_view, ProfiledOperation> by_name;
};

Counts& counts() {
  static Counts counts;
  return counts;
}

}  // namespace

std::atomic<bool> ProfileScope::running_{false};

void start_profile() {
  const std::scoped_lock lock(counts().mutex);
  counts().by_name.clear();
  ProfileScope::running_ = true;
}

std::vector<ProfiledOperation> stop_profile() {
  ProfileScope::running_ = false;
  const std::scoped_lock lock(counts().mutex);
  std::vector<ProfiledOperation> operations;
  for (const auto& [name, operation] : counts().by_name) operations.push_back(operation);
  std::stable_sort(operations.begin(), operations.end(),
                   [](const auto& a, const auto& b) { return a.thread_seconds > b.thread_seconds; });
  return operations;
}

void ProfileScope::count() const {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const std::scoped_lock lock(counts().mutex);
  ProfiledOperation& operation = counts().by_name[operation_];
  operation.name = operation_;
  operation.calls += 1;
  operation.thread_seconds += seconds * thread_count();
  operation.flop += flop_;
}

}  // namespace conceptune::kernels
