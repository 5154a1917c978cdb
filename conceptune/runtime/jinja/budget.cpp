#include "conceptune/runtime/jinja/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune::jinja {

std::string excerpt(std::string_view problem) {
  constexpr std::size_t kMaxSize = 300;
  std::string text(problem.substr(0, kMaxSize));
  // Not within a character.
  if (text.size() < problem.size()) text.resize(first_invalid_utf8(text).value_or(text.size())), text += "…";
  std::ranges::replace_if(
      text, [](char c) { return c >= 0 && c < ' '; }, ' ');
  return text;
}

void Budget::require(std::size_t count, std::size_t size) const {
  if (size > 0 && count > kMaxBytes / size) fail_bytes();
}

void Budget::fail(std::string_view problem) const {
  throw InputError("rendering chat template", fmt::format("line {}", line), excerpt(problem));
}

void Budget::refuse(std::string_view feature) const { fail(fmt::format("{} is not supported", feature)); }

void* Budget::do_allocate(std::size_t bytes, std::size_t alignment) {
  read(bytes);
  if (bytes > kMaxBytes - bytes_) fail_bytes();
  void* const memory = std::pmr::new_delete_resource()->allocate(bytes, alignment);
  bytes_ += bytes;
  return memory;
}

void Budget::do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) {
  std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
  bytes_ -= bytes;
}

void Budget::fail_steps() const { fail(fmt::format("takes more than {} steps", kMaxSteps)); }

void Budget::fail_bytes() const { fail(fmt::format("takes more than {} MiB", kMaxBytes >> 20)); }

Level::Level(Budget& budget) : budget_(budget) {
  if (budget.levels_ == kMaxLevels) budget.fail(fmt::format("goes more than {} levels deep", kMaxLevels));
  ++budget.levels_;
}

}  // namespace conceptune::jinja
