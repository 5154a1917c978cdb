// What a rendering has used of its limits: every allocation and every step of it goes through its budget.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "conceptune/runtime/jinja/limits.h"

namespace conceptune::jinja {

/// A problem as a message may hold it: one line of bounded size, whatever a template put into it.
std::string excerpt(std::string_view problem);

/// The memory of one rendering, which throws InputError beyond kMaxBytes, with its count of steps and the
/// line of the template that is at work. For one thread.
class Budget final : public std::pmr::memory_resource {
 public:
  /// Counts work; throws InputError beyond kMaxSteps.
  void step(std::size_t count = 1) {
    steps_ += count;
    if (steps_ > kMaxSteps) fail_steps();
  }

  /// Counts the reading of text.
  void read(std::size_t bytes) { step(bytes / kBytesPerStep); }

  /// Throws InputError where `count` things of `size` bytes would not fit; to be asked where their product
  /// might overflow.
  void require(std::size_t count, std::size_t size) const;

  /// Throws InputError that names the line: for what Jinja itself refuses, and for limits.
  [[noreturn]] void fail(std::string_view problem) const;

  /// The same for what Jinja knows and this interpreter does not: "FEATURE is not supported".
  [[noreturn]] void refuse(std::string_view feature) const;

  /// Line of the template, from 1.
  int line = 1;

 private:
  friend class Level;

  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  [[noreturn]] void fail_steps() const;
  [[noreturn]] void fail_bytes() const;

  std::size_t steps_ = 0, bytes_ = 0;
  int levels_ = 0;
};

/// Stands for one expression, block or macro at work; throws InputError beyond kMaxLevels.
class Level {
 public:
  explicit Level(Budget& budget);
  ~Level() { --budget_.levels_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Budget& budget_;
};

}  // namespace conceptune::jinja
