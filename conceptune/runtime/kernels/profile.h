// Where time goes, by operation: off by default, and then a scope costs one test of a flag.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace conceptune::kernels {

/// What one operation took while a profile ran.
struct ProfiledOperation {
  std::string name;
  std::int64_t calls = 0;
  /// Over all threads: a scope in a parallel loop counts once, one outside of it for all the threads that
  /// wait for it or work with it.
  double thread_seconds = 0;
  /// Of its matrix products; 0 where they are not counted.
  double flop = 0;
};

/// Forgets what was counted and counts from now on.
void start_profile();
/// Stops counting. Operations that took longest come first.
std::vector<ProfiledOperation> stop_profile();

/// Counts the time from its making to its end towards `operation`, a string that lives on. Scopes must not
/// lie within one another in one thread, or their time counts twice.
class ProfileScope {
 public:
  explicit ProfileScope(const char* operation, double flop = 0) {
    if (!running_.load(std::memory_order_relaxed)) return;
    operation_ = operation;
    flop_ = flop;
    begin_ = std::chrono::steady_clock::now();
  }
  ~ProfileScope() {
    if (operation_) count();
  }
  ProfileScope(const ProfileScope&) = delete;
  ProfileScope& operator=(const ProfileScope&) = delete;

 private:
  friend void start_profile();
  friend std::vector<ProfiledOperation> stop_profile();
  void count() const;

  static std::atomic<bool> running_;
  const char* operation_ = nullptr;
  double flop_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace conceptune::kernels
